using MaeLab.Domain.Runs;

namespace MaeLab.Storage.Model;

/// <summary>Table images: PNG results of a run. Written by the runner.</summary>
public sealed class ImageRow
{
    public Guid Id { get; set; }

    public Guid RunId { get; set; }

    public int Attempt { get; set; }

    public long Step { get; set; }

    /// <summary>What it shows: <c>original</c>, <c>masked</c>, <c>reconstruction</c>, <c>visible_pasted</c>.</summary>
    public required string Kind { get; set; }

    /// <summary>Number of the gallery image, the same image in every run of a data set.</summary>
    public int GalleryIndex { get; set; }

    public int Width { get; set; }

    public int Height { get; set; }

    public required byte[] Png { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>Table run_logs. Written by the runner.</summary>
public sealed class RunLogRow
{
    public long Id { get; set; }

    public Guid RunId { get; set; }

    public int Attempt { get; set; }

    /// <summary>Number of the line within its attempt, given by who says it: what tells a line that comes a second time.</summary>
    public long Sequence { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary><c>info</c>, <c>warning</c> or <c>error</c>.</summary>
    public required string Level { get; set; }

    public required string Text { get; set; }
}

/// <summary>Table probe_results: one evaluation of one checkpointed model. Written by the runner.</summary>
public sealed class ProbeResultRow
{
    public Guid Id { get; set; }

    public Guid RunId { get; set; }

    public int Attempt { get; set; }

    public long Step { get; set; }

    /// <summary>The series name of the headline value, for example <c>probe/linear_accuracy</c>.</summary>
    public required string Probe { get; set; }

    public double Value { get; set; }

    /// <summary>JSON with the details of this probe (per-class accuracy and the like).</summary>
    public required string Details { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>Table attempt_outcomes, key (run, attempt): written by the runner once all else of the attempt is stored.</summary>
public sealed class AttemptOutcomeRow
{
    public Guid RunId { get; set; }

    public int Attempt { get; set; }

    public AttemptOutcome Outcome { get; set; }

    public ReasonCode Reason { get; set; }

    public string? Message { get; set; }

    /// <summary>Last step done.</summary>
    public long Step { get; set; }

    /// <summary>SHA-256 of the final weights, lower-case hex; null unless completed.</summary>
    public string? WeightsSha256 { get; set; }

    public DateTimeOffset EndedAt { get; set; }
}
