using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Features.Run;

/// <summary>One run with all that is known of it but its series, images and logs.</summary>
public sealed record RunDetail : RunSummary
{
    public RunDetail(RunSummary summary)
        : base(summary)
    {
    }

    /// <summary>What a stopping run becomes once its runner lets go.</summary>
    public required StopIntent StopIntent { get; init; }

    public RunKind Kind { get; init; }

    /// <summary>Of a job: the run that it examines, and of which checkpoint's step.</summary>
    public Guid? SubjectRunId { get; init; }

    /// <inheritdoc cref="SubjectRunId"/>
    public long? CheckpointStep { get; init; }

    public required Recipe Recipe { get; init; }

    /// <summary>The preset it was submitted with.</summary>
    public required string Preset { get; init; }

    public required string? RunnerName { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Out of the way: left out of lists unless they ask for it.</summary>
    public required bool Archived { get; init; }

    /// <summary>Markdown; null: nothing was written.</summary>
    public required string? Note { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<AttemptSummary> Attempts { get; init; }

    /// <summary>Null before the first points.</summary>
    public RunLedger? Ledger => RunLedger.Of(Attempts);

    /// <summary>What is left at the present rate; null unless it is training.</summary>
    public double? RemainingSeconds =>
        this is { State: RunState.Running, ImagesPerSecond: > 0 and { } rate } && TotalSteps > Step
            ? (TotalSteps - Step) * Recipe.EffectiveBatch() / rate
            : null;
}

/// <summary>One execution of a run on one runner.</summary>
/// <param name="RestoreStep">Step of the checkpoint it started from; 0: from the beginning.</param>
/// <param name="Outcome">Null while it runs, or where its runner was lost.</param>
/// <param name="StoppedBy">What it was last told to stop for: cancel, pause or preempt; null: nobody told it.</param>
/// <param name="Points">Null before the first of them is stored.</param>
public sealed record AttemptSummary(
    int Number, Guid RunnerId, string? RunnerName, DateTimeOffset AssignedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt,
    long RestoreStep, AttemptOutcome? Outcome, RunTrigger? StoppedBy, string? Message, PointLedger? Points);

/// <param name="Sha256">Lower-case hex over the whole file.</param>
public sealed record CheckpointSummary(Guid Id, int Attempt, long Step, double Epoch, bool Final, long SizeBytes, string? Sha256, DateTimeOffset CreatedAt);

/// <param name="Kind">original, masked, reconstruction or visible_pasted.</param>
/// <param name="GalleryIndex">The same number is the same image in every run of a data set.</param>
public sealed record ImageSummary(Guid Id, int Attempt, long Step, string Kind, int GalleryIndex, int Width, int Height, DateTimeOffset CreatedAt);

/// <summary>How a classifier built on the run's encoder did.</summary>
/// <param name="Probe">Name of the series that holds its accuracy.</param>
public sealed record ClassificationSummary(string Probe, int Attempt, long Step, double Accuracy, ClassificationDetails Details);

/// <param name="Level">info, warning or error.</param>
public sealed record LogLine(long Id, int Attempt, DateTimeOffset At, string Level, string Text);
