namespace MaeLab.Domain.Metrics;

/// <summary>Collects buckets from left to right.</summary>
internal sealed class CurveBuilder(BucketGrid grid)
{
    private readonly List<double> _x = [];
    private readonly List<double> _min = [];
    private readonly List<double> _max = [];
    private readonly List<double> _last = [];
    private readonly List<double> _smoothed = [];

    private int _bucket = -1;
    private int _inBucket;
    private bool _exact = true;
    private long _count;

    /// <param name="min">Not-a-number where none of the values is a number.</param>
    public void Add(double x, double min, double max, double last, int count, double smoothed = double.NaN)
    {
        var bucket = grid.IndexOf(x);
        if (bucket != _bucket)
        {
            (_bucket, _inBucket) = (bucket, 0);
            _x.Add(x);
            _min.Add(min);
            _max.Add(max);
            _last.Add(last);
            _smoothed.Add(smoothed);
        }
        else
        {
            Widen(x, min, max, last, smoothed);
        }

        _inBucket += count;
        _count += count;
        _exact &= _inBucket <= 1;
    }

    public Curve Build(string name) => new(name, [.. _x], [.. _min], [.. _max], [.. _last], _exact, _count);

    public double[] BuildSmoothed() => [.. _smoothed];

    private void Widen(double x, double min, double max, double last, double smoothed)
    {
        // MinNumber and MaxNumber take the other operand where one is not a number.
        _min[^1] = double.MinNumber(_min[^1], min);
        _max[^1] = double.MaxNumber(_max[^1], max);
        if (!double.IsNaN(last) || double.IsNaN(_last[^1]))
        {
            _x[^1] = x;
            _last[^1] = last;
            _smoothed[^1] = smoothed;
        }
    }
}
