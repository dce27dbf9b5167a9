namespace MaeLab.Domain.Runs;

/// <summary>Why a run failed or was cancelled.</summary>
public enum ReasonCode
{
    None,

    /// <summary>Loss or gradient was not finite.</summary>
    Diverged,
    OutOfMemory,

    /// <summary>A data file is missing, truncated or not what its name says.</summary>
    BadData,

    /// <summary>The recipe asks for what this runner does not have, for example CUDA.</summary>
    Unsupported,
    RunnerLostTooOften,
    User,

    /// <summary>The surroundings failed, not the run: database, disk or network.</summary>
    Infrastructure,

    /// <summary>A mistake of ours; the message and the log tell more.</summary>
    InternalError,
}
