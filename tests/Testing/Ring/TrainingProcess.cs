using System.Diagnostics;
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
        var folder = Directory.CreateTempSubdirectory("maelab-peak-");
        try
        {
            var file = Path.Combine(folder.FullName, "recipe.json");
            await File.WriteAllTextAsync(file, recipe, cancellationToken);
            var runner = Path.Combine(Repository.Root, "runner", "Service", "bin", Repository.Configuration, "net10.0", "MaeLab.Runner.dll");
            using var process = Process.Start(new ProcessStartInfo("dotnet", [runner, "train", file, "--out", folder.FullName])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken), errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            var line = (await output).Split('\n').SingleOrDefault(line => line.StartsWith(Peak, StringComparison.Ordinal))
                ?? throw new InvalidOperationException($"train ended with {process.ExitCode}:\n{await output}{await errors}");
            return long.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
