namespace MaeLab.Domain.Runs;

/// <summary>What can happen to a run.</summary>
public enum RunTrigger
{
    /// <summary>The scheduler gave it to a runner.</summary>
    Assign,

    /// <summary>The runner entered the training loop.</summary>
    Start,

    /// <summary>A person asks for its end.</summary>
    Cancel,

    /// <summary>A person asks it to wait.</summary>
    Pause,

    /// <summary>A person asks it to go on.</summary>
    Resume,

    /// <summary>A person asks for another try of a failed or cancelled run.</summary>
    Retry,

    /// <summary>The scheduler wants the slot for something else.</summary>
    Preempt,

    /// <summary>The runner finished all its work.</summary>
    Complete,

    /// <summary>The runner gave up for a reason of the run's own.</summary>
    Fail,

    /// <summary>The runner left at a step boundary, or its lease ran out: the run is in nobody's hands.</summary>
    LetGo,

    /// <summary>As <see cref="LetGo"/>, for the last time that is allowed.</summary>
    GiveUp,
}
