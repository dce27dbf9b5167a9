using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Faults;
using Xunit;

namespace MaeLab.Testing.Ring;

/// <summary>One service as a process of its own, started as an operator would: the built program and environment variables.</summary>
public sealed partial class ServiceProcess : IAsyncDisposable
{
    // Seconds on an idle machine. Longer than any of them needs on a busy one: what takes longer hangs.
    private static readonly TimeSpan s_startTime = TimeSpan.FromSeconds(240);
    private static readonly TimeSpan s_stopTime = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly string _name;
    private readonly List<string> _output = [];

    private ServiceProcess(string name, Process process, Uri address)
    {
        (_name, _process, Address) = (name, process, address);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where it serves its health endpoints, and web its pages.</summary>
    public Uri Address { get; }

    /// <summary>What it has used of all cores since its start.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public bool IsRunning => !_process.HasExited;

    /// <summary>The last lines it wrote, for a failed test's message.</summary>
    public string Output => OutputOf(lines: 60);

    public string OutputOf(int lines)
    {
        lock (_output)
        {
            return $"--- {_name} ---{Environment.NewLine}{string.Join(Environment.NewLine, _output.TakeLast(lines))}";
        }
    }

    /// <param name="program">Path of the built assembly below the repository, without the configuration: <c>scheduler/MaeLab.Scheduler.dll</c>.</param>
    public static ServiceProcess Start(string program, int port, IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> arguments)
    {
        var built = Path.Combine(Repository.Root, Path.GetDirectoryName(program)!, "bin", Repository.Configuration, "net10.0", Path.GetFileName(program));
        return StartPublished(built, port, environment, [], arguments);
    }

    /// <param name="program">Path of the assembly.</param>
    /// <param name="before">Put before the command, for example a program that gives up rights.</param>
    public static ServiceProcess StartPublished(string program, int port, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> before, params IReadOnlyList<string> arguments)
    {
        var address = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
        string[] command = [.. before, "dotnet", program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Path.GetDirectoryName(program)!,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_URLS"] = address.ToString() },
        };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        return new ServiceProcess(Path.GetFileName(program), new Process { StartInfo = start }, address);
    }

    /// <summary>Until /readyz says yes.</summary>
    public async Task WaitUntilReadyAsync(HttpClient http, CancellationToken cancellationToken) =>
        await Eventually.GetAsync(
            $"ready {_name}",
            async () =>
            {
                Assert.True(IsRunning, $"{_name} ended by itself with code {(_process.HasExited ? _process.ExitCode : 0)}.{Environment.NewLine}{Output}");
                using var answer = await HttpQuestion.TryAsync(() => http.GetAsync(new Uri(Address, "readyz"), cancellationToken), cancellationToken);
                return answer is { IsSuccessStatusCode: true } ? this : null;
            },
            s_startTime,
            () => Output);

    /// <summary>Until it ends by itself.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForEndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(s_startTime, cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>By the link that web logged: call it once a process.</summary>
    public async Task<Door> OpenDoorAsync(CancellationToken cancellationToken) => await Door.OpenAsync(
        await Eventually.GetAsync(
            $"link of {_name}", () => Task.FromResult(Link().Matches(OutputOf(int.MaxValue)).LastOrDefault() is { } link ? new Uri(link.Value) : null), s_startTime, () => Output),
        cancellationToken);

    /// <summary>As a power cut would.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>As an operator would (SIGTERM); after 90 s by force, and that is a failure.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            await SignalAsync(Signals.Terminate);
            using var deadline = new CancellationTokenSource(s_stopTime);
            try
            {
                await _process.WaitForExitAsync(deadline.Token);
                return;
            }
            catch (OperationCanceledException)
            {
                await KillAsync();
                Assert.Fail($"{_name} did not stop within {s_stopTime.TotalSeconds} s of SIGTERM.{Environment.NewLine}{Output}");
            }
        }
    }

    public Task SignalAsync(string signal) => Signals.SendAsync(signal, _process.Id);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"http://[\w.:]+/open\?key=[\w-]+")]
    private static partial Regex Link();

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.Add(line);
            }
        }
    }
}
