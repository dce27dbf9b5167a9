namespace MaeLab.Engine.Data;

/// <summary>Along one axis: from which source positions a target position is made, and with which weights.</summary>
internal sealed class ResamplingFilter(int size)
{
    private readonly int[] _first = new int[size];
    private readonly int[] _count = new int[size];
    private float[] _weights = [];
    private int _stride;

    /// <summary>First source position that is needed.</summary>
    public int Begin { get; private set; }

    /// <summary>Source positions that are needed, from there on.</summary>
    public int Length { get; private set; }

    /// <summary>First source position of a target position, counted from <see cref="Begin"/>.</summary>
    public int First(int target) => _first[target] - Begin;

    /// <summary>The weights from there on; they sum to one.</summary>
    public ReadOnlySpan<float> Weights(int target) => _weights.AsSpan(target * _stride, _count[target]);

    /// <summary>For the source positions <paramref name="from"/> and the <paramref name="length"/> - 1 after it, none beyond.</summary>
    public void Aim(int from, int length)
    {
        var scale = (double)length / size;
        var reach = 2 * Math.Max(scale, 1);
        _stride = (int)Math.Ceiling(2 * reach) + 1;
        if (_weights.Length < size * _stride)
        {
            _weights = new float[size * _stride];
        }

        for (var target = 0; target < size; target++)
        {
            var center = from + ((target + 0.5) * scale);
            var first = Math.Max(from, (int)Math.Floor(center - reach + 0.5));
            var end = Math.Min(from + length, (int)Math.Floor(center + reach + 0.5));
            (_first[target], _count[target]) = (first, end - first);
            var weights = _weights.AsSpan(target * _stride, end - first);
            var sum = 0.0;
            for (var k = 0; k < weights.Length; k++)
            {
                sum += weights[k] = (float)Cubic((first + k + 0.5 - center) / Math.Max(scale, 1));
            }

            for (var k = 0; k < weights.Length; k++)
            {
                weights[k] = (float)(weights[k] / sum);
            }
        }

        (Begin, Length) = (_first[0], _first[^1] + _count[^1] - _first[0]);
    }

    private static double Cubic(double x)
    {
        const double A = -0.5;
        x = Math.Abs(x);
        return x < 1 ? ((((A + 2) * x) - (A + 3)) * x * x) + 1
            : x < 2 ? A * ((((x - 5) * x) + 8) * x - 4)
            : 0;
    }
}
