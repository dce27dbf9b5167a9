using System.Globalization;

namespace MaeLab.Testing.Ring;

/// <summary>The runner's verb <c>train</c> as a process of its own.</summary>
public static class TrainingProcess
{
    private const string Peak = "Peak memory ";

    /// <param name="recipe">JSON, as in the API.</param>
    /// <returns>The most memory that the process held at once, in bytes; the runtime and libtorch included.</returns>
    /// <exception cref="InvalidOperationException">The run failed; the message has its output.</exception>
    public static async Task<long> PeakMemoryAsync(string recipe, CancellationToken cancellationToken)
    {
        var output = await RunnerVerb.OutputAsync("train", recipe, cancellationToken, "--out", "trained");
        var line = output.Split('\n').Single(line => line.StartsWith(Peak, StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
    }
}
