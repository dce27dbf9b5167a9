using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace MaeLab.Runner.Machine;

/// <summary>Asks the driver's own program, which is wherever the driver is: no library to bind, and none to be missing.</summary>
internal sealed partial class NvidiaSmi(ILogger logger)
{
    private const long Mebibyte = 1 << 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);

    private bool _missing;

    /// <returns>Of the first GPU that this process may use; null where there is none, or no answer.</returns>
    public async Task<GpuUse?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_missing)
        {
            return null;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            return Parse(await AskAsync(patience.Token));
        }
        catch (Win32Exception)
        {
            _missing = true;
            return null;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // Said once: a driver that is broken stays so.
            _missing = true;
            LogBroken(error);
            return null;
        }
    }

    /// <param name="line"><c>73, 10240</c>: percent and MiB; <c>[N/A]</c> where a GPU does not tell.</param>
    internal static GpuUse? Parse(string line) =>
        line.Split('\n')[0].Split(',') is [var percent, var memory]
        && double.TryParse(percent, CultureInfo.InvariantCulture, out var busy) && long.TryParse(memory, CultureInfo.InvariantCulture, out var used)
            ? new(busy / 100, used * Mebibyte)
            : null;

    private static async Task<string> AskAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("nvidia-smi", ["--query-gpu=utilization.gpu,memory.used", "--format=csv,noheader,nounits", $"--id={FirstVisible()}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"nvidia-smi ended with {process.ExitCode}: {await output}{await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>CUDA counts only these, nvidia-smi all; both know a GPU by its number on the machine or its UUID.</summary>
    private static string FirstVisible() =>
        Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")?.Split(',')[0].Trim() is { Length: > 0 } first ? first : "0";

    [LoggerMessage(LogLevel.Warning, "nvidia-smi does not tell what the GPU does; it is not asked again")]
    private partial void LogBroken(Exception error);
}
