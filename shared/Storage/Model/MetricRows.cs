namespace MaeLab.Storage.Model;

/// <summary>Table series: one metric of one run. Written by the runner.</summary>
public sealed class SeriesRow
{
    public long Id { get; set; }

    public Guid RunId { get; set; }

    public required string Name { get; set; }
}

/// <summary>Table metric_chunks, key (series, attempt, first step): up to 256 points. Written whole, so a retry neither loses nor doubles one.</summary>
public sealed class MetricChunkRow
{
    public long SeriesId { get; set; }

    public int Attempt { get; set; }

    public long FirstStep { get; set; }

    public long LastStep { get; set; }

    public int Count { get; set; }

    public int NanCount { get; set; }

    public double Min { get; set; }

    public double Max { get; set; }

    public double Last { get; set; }

    /// <summary>Empty where they lie evenly from the first to the last, as nearly always: half of what there is to write.</summary>
    public long[] Steps { get; set; } = [];

    public double[] Values { get; set; } = [];
}

/// <summary>Table metric_summaries, key series: what a table of runs shows without touching the chunks. Written by the runner.</summary>
public sealed class MetricSummaryRow
{
    public long SeriesId { get; set; }

    public Guid RunId { get; set; }

    public required string Name { get; set; }

    public int Attempt { get; set; }

    public long Count { get; set; }

    public long LastStep { get; set; }

    public double Last { get; set; }

    public double Min { get; set; }

    public double Max { get; set; }
}

/// <summary>
/// Table point_ledgers, key (run, attempt): where the points of an attempt are. Written by the runner along with them, in the
/// same transaction, so that the three numbers are of one moment.
/// </summary>
public sealed class PointLedgerRow
{
    public Guid RunId { get; set; }

    public int Attempt { get; set; }

    /// <summary>Logged by the training loop.</summary>
    public long Produced { get; set; }

    /// <summary>In the chunks of this attempt.</summary>
    public long Stored { get; set; }

    /// <summary>Given up, since queue, spool or disk were full.</summary>
    public long Dropped { get; set; }
}
