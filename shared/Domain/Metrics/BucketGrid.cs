namespace MaeLab.Domain.Metrics;

/// <summary>
/// The buckets that all curves of a chart share: bucket i holds x from i/n to (i + 1)/n of the way, on a log grid of the
/// way between the logarithms.
/// </summary>
public readonly record struct BucketGrid
{
    /// <summary>A log grid that would begin at zero or below shows so many decades instead.</summary>
    private const int Decades = 6;

    /// <param name="from">Left end, inclusive.</param>
    /// <param name="to">Right end, inclusive.</param>
    /// <param name="log">Wide buckets to the right, as a log axis draws them.</param>
    public BucketGrid(double from, double to, int buckets, bool log = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        (From, To, Buckets, Log) = (log && from <= 0 ? to / Math.Pow(10, Decades) : from, to, buckets, log);
    }

    /// <summary>
    /// A grid that stays the same while the right end moves on, so that what lies in buckets before it stays there too: its buckets are up
    /// to an eighth wider than they need be, and only when that is used up they become wider. On a log axis it is the usual one.
    /// </summary>
    public static BucketGrid Steady(double from, double to, int buckets, bool log = false)
    {
        var width = (to - from) / buckets;
        if (log || !(width > 0))
        {
            return new(from, to, buckets, log);
        }

        var unit = Math.Pow(2, Math.Floor(Math.Log2(width))) / 8;
        return new(from, from + (buckets * Math.Ceiling(width / unit) * unit), buckets);
    }

    public double From { get; }

    public double To { get; }

    public int Buckets { get; }

    public bool Log { get; }

    public bool Holds(double x) => x >= From && x <= To;

    /// <summary>The right end belongs to the last bucket. A grid of no width has one bucket.</summary>
    public int IndexOf(double x)
    {
        if (!(To > From))
        {
            return 0;
        }

        var way = Log ? Math.Log(x / From) / Math.Log(To / From) : (x - From) / (To - From);
        return Math.Clamp((int)(way * Buckets), 0, Buckets - 1);
    }
}
