using System.Globalization;
using System.Text.Json.Nodes;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Nodes;
using MaeLab.Testing.Ring;

namespace MaeLab.System.Tests.Observability;

/// <summary>A ring that has trained four runs under the eyes of a collector of traces, on a machine with a GPU as far as nvidia-smi says.</summary>
public sealed class ObservedRing(PostgresServer databases, RabbitMqServer brokers) : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maelab-observed-");
    private readonly OtlpCollector _collector = new(FreePorts.Find(1));

    public RunningRing Ring { get; private set; } = null!;

    public string Experiment { get; private set; } = "";

    public IReadOnlyList<string> Runs { get; private set; } = [];

    internal IReadOnlyCollection<CollectedSpan> Spans => _collector.Spans;

    /// <summary>The services by the name they have in traces.</summary>
    public IReadOnlyDictionary<string, ServiceProcess> Services => new Dictionary<string, ServiceProcess>
    {
        ["maelab-scheduler"] = Ring.Schedulers[0],
        ["maelab-runner"] = Ring.Runners[0],
        ["maelab-web"] = Ring.Web,
    };

    public async ValueTask InitializeAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        await _collector.StartAsync(cancel);
        Ring = await RunningRing.StartAsync(
            databases, brokers, RingSize.OneOfEach,
            new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Address.ToString(),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BSP_SCHEDULE_DELAY"] = 200.ToString(CultureInfo.InvariantCulture),
                ["Runner__SampleEvery"] = "00:00:00.2",
                ["Runner__Calibrate"] = "false",
                ["PATH"] = $"{await CreateNvidiaSmiAsync(cancel)}:{Environment.GetEnvironmentVariable("PATH")}",
            },
            cancel);
        var (answer, _) = await TwoByTwo.TrainAsync(Ring.Http, "observed", () => Ring.Output, cancel);
        (Experiment, Runs) = ((string)answer["id"]!, [.. answer["runIds"]!.AsArray().Select(id => (string)id!)]);
    }

    /// <summary>The lines that a service has logged so far.</summary>
    public IEnumerable<JsonNode> LogOf(string service) => Services[service].OutputOf(int.MaxValue)
        .Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!);

    public async ValueTask DisposeAsync()
    {
        await Ring.DisposeAsync();
        await _collector.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <returns>Its folder.</returns>
    private async Task<string> CreateNvidiaSmiAsync(CancellationToken cancellationToken)
    {
        var program = Path.Combine(_folder.FullName, "nvidia-smi");
        await File.WriteAllTextAsync(program, "#!/bin/sh\necho '73, 10240'\n", cancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return _folder.FullName;
    }
}
