namespace MaeLab.Domain.Tests.Statistics;

/// <summary>Standard normal numbers (Box and Muller), the same on every machine.</summary>
internal sealed class NormalNoise(int seed)
{
    private readonly Random _random = new(seed);

    public double Next() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    /// <summary>A value for each of the first seeds.</summary>
    public Dictionary<long, double> BySeed(int seeds) => Enumerable.Range(0, seeds).ToDictionary(seed => (long)seed, _ => Next());
}
