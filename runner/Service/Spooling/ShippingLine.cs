using MaeLab.Runner.Execution;
using MaeLab.Runner.Machine;
using MaeLab.Runner.Telemetry;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Model;

namespace MaeLab.Runner.Spooling;

/// <summary>The way of one attempt's results while it trains: memory, disk, database. The two stretches do not wait for each other.</summary>
internal sealed class ShippingLine : IDisposable
{
    private readonly ShippingQueue _queue = new();
    private readonly Spool _spool;
    private readonly Spooler _spooler;
    private readonly Shipper _shipper;

    public ShippingLine(AttemptOrder order, string folder, RunnerOptions options, MetricWriter writer, ShippingStores stores, ResourceSampler resources)
    {
        _spool = Spool.Create(folder, order, options.SpoolBytes / options.Slots);
        var waiting = new WaitingCheckpoints(_spool, options.WaitingCheckpointBytes / options.Slots);
        _shipper = new(_spool, writer, stores, _queue);
        Sink = new(order, _queue, waiting, () => _spooler!.Wake(), stores.Outbox, () => resources.Latest, folder, stores.Time);
        _spooler = new(_queue, _spool, waiting, Sink.Log, _shipper.Wake, stores.Time);
    }

    /// <summary>Where the training loop puts its results.</summary>
    public ShippingSink Sink { get; }

    public long DroppedPoints => _queue.Dropped;

    /// <summary>Nothing more will come.</summary>
    public void Finish(AttemptOutcomeRow outcome)
    {
        _queue.Add(new OutcomeItem(outcome));
        _spooler.Finish();
    }

    /// <returns>The outcome, once it and all before it are stored.</returns>
    public async Task<AttemptOutcomeRow> RunAsync(CancellationToken cancellationToken)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var spooling = _spooler.RunAsync(leave.Token);
        var shipping = _shipper.RunAsync(leave.Token);
        if (await Task.WhenAny(spooling, shipping) == spooling && spooling.IsCompletedSuccessfully)
        {
            _shipper.Finish();
            return await shipping ?? throw new InvalidOperationException($"{_spool.Folder} has lost the outcome that was put there.");
        }

        // One has failed: nothing of what the other does can be kept any more.
        await leave.CancelAsync();
        await Task.WhenAny(Task.WhenAll(spooling, shipping));
        await (spooling.IsFaulted ? spooling : shipping);
        throw new InvalidOperationException("The shipper ended before it was told to.");
    }

    public void Dispose() => _spool.Dispose();
}
