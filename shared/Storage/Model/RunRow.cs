using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;

namespace MaeLab.Storage.Model;

/// <summary>Table runs. Written by the scheduler; progress columns are copied from the runner's facts.</summary>
public sealed class RunRow
{
    public Guid Id { get; set; }

    public Guid ExperimentId { get; set; }

    public RunKind Kind { get; set; }

    /// <summary>Of a job: the run that it looks at, and with which it goes. Experiment, cell, levels and recipe are that run's.</summary>
    public Guid? SubjectRunId { get; set; }

    /// <summary>Of a job: the checkpoint that it examines. Retention may have deleted it.</summary>
    public Guid? CheckpointId { get; set; }

    /// <summary>Of a job: the checkpoint's step, of which its results count.</summary>
    public long? CheckpointStep { get; set; }

    /// <summary>Position within the experiment, from 0; that of its run for a job.</summary>
    public int Index { get; set; }

    public int CellIndex { get; set; }

    public bool IsBaseline { get; set; }

    /// <summary>The cell's levels as a JSON object {field: level}.</summary>
    public required string Levels { get; set; }

    /// <summary>The complete recipe as JSON.</summary>
    public required string Recipe { get; set; }

    // Typed copies of what tables filter and sort by.
    public long Seed { get; set; }

    public double MaskRatio { get; set; }

    public int PatchSize { get; set; }

    public required string Dataset { get; set; }

    /// <summary>What the recipe asks to be trained on; placement offers CUDA runs to CUDA runners only.</summary>
    public ComputeDevice Device { get; set; }

    public RunState State { get; set; }

    public StopIntent StopIntent { get; set; }

    public ReasonCode Reason { get; set; }

    public string? ReasonText { get; set; }

    public int Priority { get; set; }

    /// <summary>Place in the experiment's queue, lowest first; the index unless a person has moved it.</summary>
    public int Position { get; set; }

    /// <summary>Number of the newest attempt, the fence of every runner write; 0 before the first.</summary>
    public int Attempt { get; set; }

    /// <summary>How often the run failed for a reason of its own.</summary>
    public int Failures { get; set; }

    /// <summary>How often a runner was lost under it since it last made progress.</summary>
    public int Losses { get; set; }

    public Guid? RunnerId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Not placed before this moment (back-off after a failure).</summary>
    public DateTimeOffset NotBefore { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Optimizer steps done; probes of a job.</summary>
    public long Step { get; set; }

    public long TotalSteps { get; set; }

    public double Epoch { get; set; }

    public double? Loss { get; set; }

    public double? ImagesPerSecond { get; set; }

    /// <summary>
    /// Deleted by a person, and gone for good some days later. Only runs that are over can be; queries do not see them unless
    /// they say <c>IgnoreQueryFilters</c>.
    /// </summary>
    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>Rises with every change of the row; the optimistic lock.</summary>
    public int Version { get; set; }
}
