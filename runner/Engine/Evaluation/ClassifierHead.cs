using MaeLab.Engine.Data;

namespace MaeLab.Engine.Evaluation;

internal static class ClassifierHead
{
    /// <summary>
    /// First values of a head's weight, normal. PyTorch's trunc_normal_, which the public code calls, cuts at 2 and not at two
    /// deviations, so that it never cuts here.
    /// </summary>
    /// <returns>[classes, width], row-major.</returns>
    public static float[] Weight(int classes, int width, double deviation, long seed)
    {
        var random = CounterRandom.OfWeight(seed, "head.weight");
        return [.. Enumerable.Range(0, classes * width).Select(n => (float)(deviation * random.Normal(n)))];
    }
}
