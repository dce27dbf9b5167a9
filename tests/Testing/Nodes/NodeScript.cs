using System.Diagnostics;

namespace MaeLab.Testing.Nodes;

/// <summary>Runs the bash scripts beside this file, which start and stop throw-away servers. <c>tests/run</c> uses the same ones.</summary>
public static class NodeScript
{
    public const string Postgres = "pg-node.sh";

    public const string RabbitMq = "rabbit-node.sh";

    /// <summary>Exit code of a script whose server is not installed.</summary>
    public const int NotInstalled = 3;

    /// <returns>Null, or what to tell about the missing server.</returns>
    /// <inheritdoc cref="ExecuteAsync"/>
    public static async Task<string?> RunAsync(string script, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        (await ExecuteAsync(script, arguments, cancellationToken)).Missing;

    /// <returns>What the script printed.</returns>
    /// <inheritdoc cref="ExecuteAsync"/>
    public static async Task<string> ReadAsync(string script, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        (await ExecuteAsync(script, arguments, cancellationToken)).Output;

    /// <exception cref="InvalidOperationException">The script failed for another reason than a missing server; the message has its output.</exception>
    private static async Task<(string Output, string? Missing)> ExecuteAsync(string script, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Nodes", script));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode switch
        {
            0 => (await output, null),
            NotInstalled => (await output, await errors),
            _ => throw new InvalidOperationException($"{script} {string.Join(' ', start.ArgumentList.Skip(1))} exited with {process.ExitCode}:\n{await output}{await errors}"),
        };
    }
}
