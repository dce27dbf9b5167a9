using System.Text;

namespace MaeLab.Engine.Data;

/// <summary>What a random number is for; keeps the streams of one run apart. The numbers are part of every run: do not reorder.</summary>
public enum RandomPurpose
{
    Weights = 1,
    ImageOrder = 2,
    Crop = 3,
    Flip = 4,
    Mask = 5,
    ColorJitter = 6,

    /// <summary>The seed of a run's transfer evaluations, whose order, crops and flips are not those of its pre-training.</summary>
    Transfer = 7,
    DropPath = 8,
    Mixing = 9,
    RandAugment = 10,
    RandomErasing = 11,

    /// <summary>Disturbances by which probes test a model; no run's own.</summary>
    ProbeNoise = 12,
}

/// <summary>
/// Stateless randomness: the n-th number of a stream is a hash of (seed, purpose, epoch, image, n), so that a resumed run, a run
/// on another device and a run that differs in one factor draw the same numbers. The hash is the finaliser of SplitMix64
/// (Steele, Lea, Flood 2014) over a Weyl sequence, chained once per part of the key.
/// </summary>
public readonly struct CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private readonly ulong _key;

    private CounterRandom(ulong key) => _key = key;

    public static CounterRandom Of(long seed, RandomPurpose purpose, long epoch = 0, long image = 0)
    {
        var key = Mix((ulong)seed + Golden);
        key = Mix(key + ((ulong)purpose * Golden));
        key = Mix(key + ((ulong)epoch * Golden));
        return new(Mix(key + ((ulong)image * Golden)));
    }

    /// <summary>The stream from which one weight tensor is initialised.</summary>
    public static CounterRandom OfWeight(long seed, string parameter)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        var hash = 0xCBF29CE484222325;
        foreach (var letter in Encoding.UTF8.GetBytes(parameter))
        {
            hash = (hash ^ letter) * 0x100000001B3;
        }

        return Of(seed, RandomPurpose.Weights, 0, (long)hash);
    }

    public ulong Bits(long counter) => Mix(_key + ((ulong)(counter + 1) * Golden));

    /// <returns>Uniform in [0, 1).</returns>
    public double Unit(long counter) => (Bits(counter) >> 11) * (1.0 / (1UL << 53));

    /// <returns>Uniform in [0, bound).</returns>
    public int Below(long counter, int bound) => (int)(Unit(counter) * bound);

    /// <returns>Standard normal (Box and Muller), from the numbers 2 n and 2 n + 1 of the stream.</returns>
    public double Normal(long n)
    {
        // 1 - u lies in (0, 1], where the logarithm is finite.
        var radius = Math.Sqrt(-2 * Math.Log(1 - Unit(2 * n)));
        return radius * Math.Cos(2 * Math.PI * Unit((2 * n) + 1));
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
