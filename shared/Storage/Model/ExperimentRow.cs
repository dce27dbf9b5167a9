namespace MaeLab.Storage.Model;

/// <summary>Table experiments. Written by the scheduler.</summary>
public sealed class ExperimentRow
{
    public Guid Id { get; set; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    public string[] Tags { get; set; } = [];

    public int Priority { get; set; }

    /// <summary>Its share of the slots beside experiments of equal priority.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>Virtual time at which its newest run was placed, the start tag of start-time fair queueing; null before the first.</summary>
    public double? Turn { get; set; }

    /// <summary>What its client called the request that made it; a repeated one finds it by that.</summary>
    public string? IdempotencyKey { get; set; }

    /// <summary>The definition as submitted (JSON of the API).</summary>
    public required string Definition { get; set; }

    /// <summary>The axes after expansion, as JSON: [{field, levels: [literal]}], without the seed.</summary>
    public required string Axes { get; set; }

    public int RunCount { get; set; }

    public required string SubmittedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
