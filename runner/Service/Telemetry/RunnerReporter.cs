using MaeLab.Contracts.Facts;
using MaeLab.Hosting.Background;
using MaeLab.Hosting.Bus;
using MaeLab.Hosting.Startup;
using MaeLab.Runner.Execution;
using MassTransit;
using Microsoft.Extensions.Options;

namespace MaeLab.Runner.Telemetry;

/// <summary>Says every few seconds, and at once when something begins or ends, that this runner lives and what it holds.</summary>
public sealed class RunnerReporter : LoopService
{
    private readonly SlotBook _slots;
    private readonly RunnerIdentity _identity;
    private readonly Lazy<RunnerHardware> _hardware;
    private readonly TrainingRate _rate;
    private readonly IReadOnlyList<OfferedDataset> _datasets;
    private readonly RunnerOptions _options;
    private readonly IBusControl _bus;
    private readonly ILogger<RunnerReporter> _logger;
    private long _sequence;
    private bool _listens;

    public RunnerReporter(
        SlotBook slots, RunnerIdentity identity, Lazy<RunnerHardware> hardware, TrainingRate rate, OfferedDatasets offered,
        IOptions<RunnerOptions> options, IBusControl bus, StartupGate gate, TimeProvider time, ILogger<RunnerReporter> logger)
        : base(gate, time, logger)
    {
        (_slots, _identity, _hardware, _rate, _options, _bus, _logger) = (slots, identity, hardware, rate, options.Value, bus, logger);
        _datasets = [.. offered.All.Select(set => new OfferedDataset(set.Name, set.Channels, set.Size, set.Classes, set.TrainImages, set.ProbeImages))];
        slots.Changed += Wake;
    }

    protected override TimeSpan Every => _options.ReportEvery;

    protected override async Task TurnAsync(CancellationToken cancellationToken)
    {
        if (!_listens)
        {
            // Who is known is given work: an order that comes before its queue is there reaches nobody, and counts as lost.
            await _bus.WaitForHealthStatus(BusHealthStatus.Healthy, cancellationToken);
            _listens = true;
        }

        // Found out here, not when the host is built: it loads libtorch, and pages and health endpoints need not wait for that.
        var hardware = _hardware.Value;
        await _bus.TryPublishAsync(
            new RunnerReported(
                _identity.Id, _options.Name, _identity.StartedAt, ++_sequence, Time.GetUtcNow(),
                _options.Slots, _slots.Held, hardware.Device, hardware.Cores, hardware.MemoryBytes, _rate.GigaflopsPerSecond,
                _datasets, _slots.Draining),
            _logger,
            cancellationToken);
    }
}
