using MaeLab.Contracts.Facts;
using MaeLab.Hosting.Background;
using MaeLab.Runner.Execution;
using MaeLab.Storage;
using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Runner.Telemetry;

/// <summary>What the shippers of all attempts share.</summary>
public sealed record ShippingStores(
    IDbContextFactory<MaeLabDb> Databases, CheckpointStore Checkpoints, RunResultStore Results, DatabasePatience Patience, FactOutbox Outbox, TimeProvider Time);

/// <summary>
/// Carries the results of one attempt from its queue into the database, in the order in which they came about: a
/// checkpoint becomes visible only after every point before it, so that a resumed run lacks none.
/// </summary>
internal sealed class Shipper(AttemptOrder order, ShippingQueue queue, MetricWriter writer, ShippingStores stores)
{
    /// <summary>A point is on the page within a second of being logged.</summary>
    private static readonly TimeSpan s_batch = TimeSpan.FromMilliseconds(400);

    private readonly WakeSignal _wake = new();
    private volatile bool _finishing;

    public void Wake() => _wake.Wake();

    /// <summary>Nothing more will come: ship what is there and end.</summary>
    public void Finish()
    {
        _finishing = true;
        _wake.Wake();
    }

    /// <exception cref="FenceLostException">A newer attempt owns the run.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!_finishing)
        {
            await _wake.WaitAsync(s_batch, stores.Time, cancellationToken);
            await ShipAsync(cancellationToken);
        }

        await ShipAsync(cancellationToken);
    }

    private async Task ShipAsync(CancellationToken cancellationToken)
    {
        await ShipPointsAndLogsAsync(cancellationToken);
        while (queue.TryTake(out var item))
        {
            await ShipPointsAndLogsAsync(cancellationToken);
            await (item switch
            {
                EvaluationItem evaluation => SaveAsync(evaluation, cancellationToken),
                CheckpointItem checkpoint => SaveAsync(checkpoint, cancellationToken),
                _ => throw new InvalidOperationException($"Unknown item {item.GetType().Name}."),
            });
        }
    }

    private async Task ShipPointsAndLogsAsync(CancellationToken cancellationToken)
    {
        if (queue.TakePoints() is { Count: > 0 } points)
        {
            writer.Add(points);
            await PatientlyAsync("points", writer.FlushAsync, cancellationToken);
        }

        if (queue.TakeLogs() is { Count: > 0 } lines)
        {
            await PatientlyAsync("log lines", token => stores.Results.AddLogsAsync(order.RunId, order.Attempt, lines, token), cancellationToken);
        }
    }

    private Task SaveAsync(EvaluationItem item, CancellationToken cancellationToken)
    {
        var (step, now) = (item.Result.Step, stores.Time.GetUtcNow());
        List<ImageRow> images = [.. item.Result.Images.Select(image => new ImageRow
        {
            Id = Guid.CreateVersion7(now), RunId = order.RunId, Attempt = order.Attempt, Step = step, CreatedAt = now,
            Kind = image.Kind, GalleryIndex = image.GalleryIndex, Width = image.Width, Height = image.Height, Png = image.Png,
        })];
        List<ProbeResultRow> probes = [.. item.Result.Probes.Select(probe => new ProbeResultRow
        {
            Id = Guid.CreateVersion7(now), RunId = order.RunId, Attempt = order.Attempt, Step = step, CreatedAt = now,
            Probe = probe.Probe, Value = probe.Value, Details = probe.Details,
        })];
        return PatientlyAsync(
            "an evaluation",
            token => stores.Results.SaveEvaluationAsync(order.RunId, order.Attempt, step, images, probes, token),
            cancellationToken);
    }

    private async Task SaveAsync(CheckpointItem item, CancellationToken cancellationToken)
    {
        // After an outage only the newest of several waiting ones is worth the way.
        var superseded = !item.Final && queue.TryPeek(out var next) && next is CheckpointItem;
        if (!superseded)
        {
            await PatientlyAsync("a checkpoint", token => StoreAsync(item, token), cancellationToken);
            stores.Outbox.Post(new CheckpointSaved(order.RunId, order.ExperimentId, order.Attempt, item.Id, item.Step));
            await PatientlyAsync(
                "the removal of old checkpoints",
                token => stores.Checkpoints.PruneAsync(order.RunId, order.Attempt, order.Recipe.Checkpoints.KeepLast, token),
                cancellationToken);
        }

        File.Delete(item.Path);
    }

    private async Task StoreAsync(CheckpointItem item, CancellationToken cancellationToken)
    {
        await using var content = new FileStream(item.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.Asynchronous);
        await stores.Checkpoints.SaveAsync(item.Id, order.RunId, order.Attempt, item.Step, item.Epoch, item.Final, content, cancellationToken);
    }

    private Task PatientlyAsync(string what, Func<CancellationToken, Task> work, CancellationToken cancellationToken) =>
        stores.Patience.DoAsync(what, work, error => error is FenceLostException, cancellationToken);
}
