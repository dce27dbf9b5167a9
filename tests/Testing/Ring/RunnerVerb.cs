using System.Diagnostics;

namespace MaeLab.Testing.Ring;

/// <summary>A verb of the runner as a process of its own, with the heap that the stack's image gives it.</summary>
public static class RunnerVerb
{
    /// <param name="recipe">JSON, as in the API; the verb's first argument is a file of it.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message has its output.</exception>
    public static async Task<string> OutputAsync(string verb, string recipe, CancellationToken cancellationToken, params IReadOnlyList<string> arguments)
    {
        var folder = Directory.CreateTempSubdirectory($"maelab-{verb}-");
        try
        {
            var file = Path.Combine(folder.FullName, "recipe.json");
            await File.WriteAllTextAsync(file, recipe, cancellationToken);
            var runner = Path.Combine(Repository.Root, "runner", "Service", "bin", Repository.Configuration, "net10.0", "MaeLab.Runner.dll");
            using var process = Process.Start(new ProcessStartInfo("dotnet", [runner, verb, file, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder.FullName,
                Environment = { ["MALLOC_ARENA_MAX"] = "1" },
            })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken), errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{verb} ended with {process.ExitCode}:\n{await output}{await errors}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
