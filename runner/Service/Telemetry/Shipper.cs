using MaeLab.Contracts.Facts;
using MaeLab.Domain.Runs;
using MaeLab.Hosting.Background;
using MaeLab.Hosting.Telemetry;
using MaeLab.Runner.Execution;
using MaeLab.Runner.Spooling;
using MaeLab.Storage;
using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Runner.Telemetry;

/// <summary>What the shippers of all attempts share.</summary>
public sealed record ShippingStores(
    IDbContextFactory<MaeLabDb> Databases, CheckpointStore Checkpoints, RunResultStore Results, DatabasePatience Patience, FactOutbox Outbox, TimeProvider Time, EvaluationStateStore States);

/// <summary>
/// Carries the results of one attempt from its spool into the database, in the order in which they came about: a
/// checkpoint becomes visible only after every point before it, so that a resumed run lacks none.
/// </summary>
/// <param name="queue">Where points are counted; null for a spool that an earlier process left.</param>
internal sealed class Shipper(Spool spool, MetricWriter writer, ShippingStores stores, ShippingQueue? queue = null)
{
    /// <summary>So many points a transaction, where an outage has left more.</summary>
    private const int Batch = 200_000;

    /// <summary>Step and value.</summary>
    private const int BytesOfPoint = 16;

    /// <summary>How old our knowledge may be that the run is still ours.</summary>
    private static readonly TimeSpan s_askAgain = TimeSpan.FromSeconds(1);

    private readonly AttemptOrder _order = spool.Order;
    private readonly WakeSignal _wake = new();
    private volatile bool _finishing;
    private long? _askedAt;
    private int _unflushed;
    private bool _hasCheckpoint;
    private AttemptOutcomeRow? _outcome;

    public void Wake() => _wake.Wake();

    /// <summary>Nothing more will come: ship what is there and end.</summary>
    public void Finish()
    {
        _finishing = true;
        _wake.Wake();
    }

    /// <returns>The outcome, once stored; null where the spool has none.</returns>
    /// <exception cref="FenceLostException">A newer attempt owns the run, or this one was taken back.</exception>
    /// <exception cref="SpoolDamagedException">Everything before the damage is stored.</exception>
    public async Task<AttemptOutcomeRow?> RunAsync(CancellationToken cancellationToken)
    {
        for (var last = false; !last;)
        {
            last = _finishing;
            await ShipAsync(cancellationToken);
            if (!last)
            {
                await _wake.WaitAsync(s_askAgain, stores.Time, cancellationToken);
            }
        }

        return _outcome;
    }

    /// <summary>What is there by now.</summary>
    internal async Task ShipAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (spool.Read() is { } item)
            {
                if (item is PointsItem points)
                {
                    Take(points);
                }

                if (item is not PointsItem || _unflushed >= Batch)
                {
                    await FlushAsync(cancellationToken);
                    await StoreAsync(item, cancellationToken);
                    Instruments.IngestedBytes.Add(item is EvaluationItem evaluation ? evaluation.Images.Sum(image => (long)image.Png.Length) : 0);
                    spool.Release();
                }
            }
        }
        catch (SpoolDamagedException)
        {
            await FlushAsync(cancellationToken);
            throw;
        }

        await FlushAsync(cancellationToken);
        spool.Release();
    }

    private void Take(PointsItem item)
    {
        writer.Add(item.Points);
        _unflushed += item.Points.Count;
        if (queue is null)
        {
            writer.Account(item.Produced, item.Dropped);
        }
    }

    /// <summary>Asks also where there is nothing to write.</summary>
    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_outcome is not null)
        {
            return;
        }

        if (queue is not null)
        {
            var dropped = queue.Dropped;
            writer.Account(queue.Produced, dropped);
        }

        await PatientlyAsync("points", writer.FlushAsync, cancellationToken);
        Instruments.IngestedPoints.Add(_unflushed);
        Instruments.IngestedBytes.Add(_unflushed * BytesOfPoint);
        _unflushed = 0;
    }

    private Task StoreAsync(ShipItem item, CancellationToken cancellationToken) => item switch
    {
        PointsItem => Task.CompletedTask,
        LogItem log => PatientlyAsync("log lines", token => stores.Results.AddLogsAsync(_order.RunId, _order.Attempt, log.Lines, token), cancellationToken),
        EvaluationItem evaluation => PatientlyAsync(
            "an evaluation",
            token => stores.Results.SaveEvaluationAsync(_order.RunId, _order.Attempt, evaluation.Step, evaluation.Images, evaluation.Probes, token),
            cancellationToken),
        CheckpointItem checkpoint => SaveAsync(checkpoint, cancellationToken),
        OutcomeItem outcome => SaveAsync(outcome.Outcome, cancellationToken),
        _ => throw new InvalidOperationException($"Unknown item {item.GetType().Name}."),
    };

    private async Task SaveAsync(CheckpointItem item, CancellationToken cancellationToken)
    {
        // Of a long run later ones would bury what began it.
        using var step = _hasCheckpoint ? null : RunTrace.Start("first checkpoint", _order.ExperimentId, _order.RunId, _order.Attempt);
        _hasCheckpoint = true;
        var stored = false;
        await PatientlyAsync("a checkpoint", async token => stored = await TryStoreAsync(item, token), cancellationToken);
        if (!stored)
        {
            return;
        }

        if (item.Kind == CheckpointKind.Evaluation)
        {
            File.Delete(spool.PathOf(item));
            return;
        }

        stores.Outbox.Post(new CheckpointSaved(_order.RunId, _order.ExperimentId, _order.Attempt, item.Id, item.Step));
        await PatientlyAsync(
            "the removal of old checkpoints",
            token => stores.Checkpoints.PruneAsync(_order.RunId, _order.Attempt, _order.Recipe.Checkpoints, token),
            cancellationToken);
        File.Delete(spool.PathOf(item));
    }

    /// <returns>False where its file is gone: it is stored already, or a newer one has taken its place.</returns>
    private async Task<bool> TryStoreAsync(CheckpointItem item, CancellationToken cancellationToken)
    {
        FileStream file;
        try
        {
            // The spooler may delete it any time, for a newer one.
            file = new(spool.PathOf(item), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 20, FileOptions.Asynchronous);
        }
        catch (FileNotFoundException)
        {
            return false;
        }

        await using (file)
        {
            await (item.Kind == CheckpointKind.Evaluation
                ? stores.States.SaveAsync(item.Id, _order.RunId, _order.Attempt, item.Step, item.Epoch, file, cancellationToken)
                : stores.Checkpoints.SaveAsync(item.Id, _order.RunId, _order.Attempt, item.Step, item.Epoch, item.Final, file, cancellationToken));
            Instruments.IngestedBytes.Add(file.Length);
            return true;
        }
    }

    /// <summary>By the fence alone: tried again after it was stored, the scheduler may have closed the attempt over it.</summary>
    private async Task SaveAsync(AttemptOutcomeRow outcome, CancellationToken cancellationToken)
    {
        using var step = RunTrace.Start("store outcome", _order.ExperimentId, _order.RunId, _order.Attempt);
        await stores.Patience.DoAsync("the outcome", token => stores.Results.SaveOutcomeAsync(outcome, token), error => error is FenceLostException, cancellationToken);
        _outcome = outcome;
    }

    /// <summary>Whatever there is to do: first, if we have not known for a second, whether the run is still ours.</summary>
    private Task PatientlyAsync(string what, Func<CancellationToken, Task> work, CancellationToken cancellationToken) =>
        stores.Patience.DoAsync(
            what,
            async token =>
            {
                await AskAsync(token);
                await work(token);
            },
            error => error is FenceLostException,
            cancellationToken);

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        // Of a spool left behind only the fence counts: its attempt may have been taken back, and nobody have begun another.
        if (queue is null || (_askedAt is { } asked && stores.Time.GetElapsedTime(asked) < s_askAgain))
        {
            return;
        }

        await stores.Results.CheckHeldAsync(_order.RunId, _order.Attempt, cancellationToken);
        _askedAt = stores.Time.GetTimestamp();
    }
}
