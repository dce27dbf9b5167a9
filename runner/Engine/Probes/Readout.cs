using System.Globalization;
using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Engine.Evaluation;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <summary>From tensors to the numbers of a result.</summary>
internal static class Readout
{
    private const string FiveDigits = "G5";

    /// <returns>All values, row by row.</returns>
    public static double[] Values(this Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
    }

    /// <summary>What a ratio is where nothing stands against nothing: a constant image, a layer without variance.</summary>
    public static double Over(this double part, double whole) => whole > 0 ? part / whole : 0;

    /// <summary>Five significant digits: nobody reads more of a map or a curve, and details stay small.</summary>
    public static double Short(this double value) => double.Parse(value.ToString(FiveDigits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Short(double)"/>
    public static double[] Short(this IEnumerable<double> values) => [.. values.Select(Short)];

    public static ProbeResult Result<T>(string series, double value, T details) =>
        new(series, value, JsonSerializer.Serialize(details, JsonDefaults.Options));
}
