namespace MaeLab.Domain.Metrics;

/// <summary>Where the points of an attempt are; nothing else can have become of one.</summary>
/// <param name="Produced">Logged by the training loop.</param>
/// <param name="Stored">In the database.</param>
/// <param name="Dropped">Given up, since queue, spool or disk were full.</param>
public sealed record PointLedger(long Produced, long Stored, long Dropped)
{
    /// <summary>On their way: in the runner's memory or in its spool.</summary>
    public long Spooled => Produced - Stored - Dropped;
}
