using MaeLab.Engine.Data;

namespace MaeLab.Engine.Model;

/// <summary>First values of the parameters; those of one parameter depend on the seed and its name only.</summary>
public static class Initialization
{
    /// <returns>Row-major values of the parameter.</returns>
    public static float[] Values(ParameterSpec parameter, MaeShape shape, long seed)
    {
        var random = CounterRandom.OfWeight(seed, parameter.Name);
        return parameter.Initial switch
        {
            InitialValue.Zero => new float[parameter.Count],
            InitialValue.One => Fill(parameter, _ => 1),
            InitialValue.XavierUniform => Uniform(parameter, random, Math.Sqrt(6.0 / (parameter.Shape[0] + (parameter.Count / parameter.Shape[0])))),
            InitialValue.SmallNormal => Fill(parameter, n => 0.02 * random.Normal(n)),
            InitialValue.ConvolutionBias => Uniform(parameter, random, 1 / Math.Sqrt(shape.PatchValues)),
            InitialValue.Positions => SinCosPositions.Table(shape.Grid, (int)parameter.Shape[^1]),
            InitialValue.PatchPca => throw new InvalidOperationException($"{parameter.Name} is computed from images: give the learner their {nameof(PatchPca)}."),
            _ => throw new ArgumentOutOfRangeException(nameof(parameter), parameter.Initial, "Unknown initial value."),
        };
    }

    private static float[] Uniform(ParameterSpec parameter, CounterRandom random, double bound) =>
        Fill(parameter, n => ((2 * random.Unit(n)) - 1) * bound);

    private static float[] Fill(ParameterSpec parameter, Func<long, double> value)
    {
        var values = new float[parameter.Count];
        for (var n = 0; n < values.Length; n++)
        {
            values[n] = (float)value(n);
        }

        return values;
    }
}
