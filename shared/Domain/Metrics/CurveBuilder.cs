namespace MaeLab.Domain.Metrics;

/// <summary>Collects buckets from left to right.</summary>
internal sealed class CurveBuilder
{
    private readonly double _from;
    private readonly double _to;
    private readonly int _buckets;

    private readonly List<double> _x = [];
    private readonly List<double> _min = [];
    private readonly List<double> _max = [];
    private readonly List<double> _last = [];

    private int _bucket = -1;
    private int _inBucket;
    private bool _exact = true;
    private long _count;

    public CurveBuilder(double from, double to, int buckets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        (_from, _to, _buckets) = (from, to, buckets);
    }

    /// <param name="min">Not-a-number where none of the values is a number.</param>
    public void Add(double x, double min, double max, double last, int count)
    {
        var bucket = BucketOf(x);
        if (bucket != _bucket)
        {
            (_bucket, _inBucket) = (bucket, 0);
            _x.Add(x);
            _min.Add(min);
            _max.Add(max);
            _last.Add(last);
        }
        else
        {
            Widen(x, min, max, last);
        }

        _inBucket += count;
        _count += count;
        _exact &= _inBucket <= 1;
    }

    public Curve Build(string name) => new(name, [.. _x], [.. _min], [.. _max], [.. _last], _exact, _count);

    private void Widen(double x, double min, double max, double last)
    {
        // MinNumber and MaxNumber take the other operand where one is not a number.
        _min[^1] = double.MinNumber(_min[^1], min);
        _max[^1] = double.MaxNumber(_max[^1], max);
        if (!double.IsNaN(last) || double.IsNaN(_last[^1]))
        {
            _x[^1] = x;
            _last[^1] = last;
        }
    }

    /// <summary>The right end belongs to the last bucket. A grid of no width has one bucket.</summary>
    private int BucketOf(double x) =>
        _to > _from ? Math.Clamp((int)((x - _from) / (_to - _from) * _buckets), 0, _buckets - 1) : 0;
}
