namespace MaeLab.Domain.Runs;

/// <summary>How one attempt ended, in the runner's own words (table attempt_outcomes).</summary>
public enum AttemptOutcome
{
    Completed,
    Failed,

    /// <summary>Left at a step boundary because it was told to, or because the runner shuts down.</summary>
    Stopped,
}
