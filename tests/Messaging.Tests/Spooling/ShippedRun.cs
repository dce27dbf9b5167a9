using System.Globalization;
using MaeLab.Domain.Metrics;
using MaeLab.Engine.Training;
using MaeLab.Messaging.Tests.Runner;
using MaeLab.Runner.Execution;
using MaeLab.Runner.Spooling;
using MaeLab.Runner.Telemetry;
using MaeLab.Storage;
using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Runs;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace MaeLab.Messaging.Tests.Spooling;

/// <summary>A run whose results go the way of a runner's, one stretch at a time and without its loops.</summary>
internal sealed class ShippedRun : IDisposable
{
    public const string EveryFifth = "progress/epoch";

    private readonly TestDatabase _database;
    private readonly Guid _runId;
    private readonly string _folder;
    private readonly FailingCommits _commits = new();
    private readonly ShippingStores _stores;
    private ShippingQueue _queue = null!;
    private Spool _spool = null!;
    private Spooler _spooler = null!;
    private Shipper _shipper = null!;
    private ShippingSink _sink = null!;

    public ShippedRun(TestDatabase database, Guid runId, string folder)
    {
        (_database, _runId, _folder) = (database, runId, folder);
        var contexts = DatabaseFactory.Create(database.Options, null, _commits);
        var time = new NoWaiting();
        var checkpoints = new CheckpointStore(contexts, time);
        _stores = new(
            contexts, checkpoints, new RunResultStore(contexts), new(time, NullLogger<DatabasePatience>.Instance),
            new FactOutbox(null!, NullLogger<FactOutbox>.Instance), time, new EvaluationStateStore(contexts, checkpoints));
    }

    public int Attempt { get; private set; } = 1;

    public long Step { get; private set; }

    /// <summary>Points handed over by the present attempt.</summary>
    public long Produced { get; private set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task BeginAsync(long restoreStep, long spoolBytes = long.MaxValue)
    {
        (Step, Produced) = (restoreStep, 0);
        var order = SampleItems.Order(_runId, Attempt, restoreStep);
        var folder = Directory.CreateDirectory(Path.Combine(_folder, $"{_runId:n}-{Attempt}")).FullName;
        _queue = new();
        _spool = Spool.Create(folder, order, spoolBytes);
        _shipper = new(_spool, await OpenWriterAsync(order), _stores, _queue);
        var waiting = new WaitingCheckpoints(_spool, long.MaxValue);
        _sink = new(order, _queue, waiting, () => { }, _stores.Outbox, () => null, folder, _stores.Time);
        _spooler = new(_queue, _spool, waiting, _sink.Log, () => { }, _stores.Time) { WaitingPoints = 0 };
    }

    public async Task DoAsync(ShippingEvent next)
    {
        switch (next)
        {
            case ShippingEvent.Train train:
                Train(train.Steps);
                break;
            case ShippingEvent.Checkpoint:
                Save(final: false);
                break;
            case ShippingEvent.Evaluate:
                _sink.SaveEvaluation(new(Step, [new(0, "masked", 1, 1, new byte[10_000])], [new("probe/knn_accuracy", double.NaN, "{}")]));
                break;
            case ShippingEvent.Move:
                Assert.True(_spooler.Move());
                break;
            case ShippingEvent.Ship ship:
                await ShipAsync(ship.Failure);
                break;
            case ShippingEvent.Kill kill:
                await KillAsync(kill);
                break;
            default:
                throw new InvalidOperationException($"Unknown event {next}.");
        }
    }

    public async Task CompleteAsync()
    {
        Save(final: true);
        _queue.Add(new OutcomeItem(new() { RunId = _runId, Attempt = Attempt, Step = Step, EndedAt = SampleRuns.Noon }));
        Assert.True(_spooler.Move());
        await ShipAsync(CommitFailure.None);
    }

    public void Dispose() => _spool.Dispose();

    public static double Loss(long step) => 1.0 / step;

    private void Train(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            Step++;
            Record(new(SeriesNames.TrainLoss, Step, Loss(Step)));
            if (Step % 5 == 0)
            {
                Record(new(EveryFifth, Step, Step));
            }
        }

        _sink.Log(LogSeverity.Info, $"Step {Step}.");
    }

    private void Record(MetricPoint point)
    {
        _sink.Record(point);
        Produced++;
    }

    private void Save(bool final) => _sink.SaveCheckpoint(Step, Step, final, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.Write(Step.ToString(CultureInfo.InvariantCulture));
    });

    private async Task ShipAsync(CommitFailure failure)
    {
        _commits.Next = failure;
        await _shipper.ShipAsync(Token);
        _commits.Next = CommitFailure.None;
    }

    private async Task KillAsync(ShippingEvent.Kill kill)
    {
        _spool.Dispose();
        if (Directory.GetFiles(_spool.Folder, "*.spool").Order(StringComparer.Ordinal).LastOrDefault() is { } last)
        {
            using var file = File.OpenWrite(last);
            file.SetLength(Math.Max(0, file.Length - kill.Cut));
        }

        if (kill.Overtaken)
        {
            var restoreStep = await BeginNextAsync();
            await Assert.ThrowsAnyAsync<FenceLostException>(async () => await ReplayAsync(CommitFailure.None, mustWrite: true));
            await BeginAsync(restoreStep);
            return;
        }

        await ReplayAsync(kill.Failure, mustWrite: false);
        await BeginAsync(await BeginNextAsync());
    }

    /// <param name="mustWrite">Also where nothing is left, so that the fence is asked.</param>
    private async Task ReplayAsync(CommitFailure failure, bool mustWrite)
    {
        using var left = Spool.Find(_spool.Folder)!;
        var writer = await OpenWriterAsync(left.Order);
        if (mustWrite)
        {
            writer.Account(long.MaxValue, 0);
        }

        var shipper = new Shipper(left, writer, _stores);
        shipper.Finish();
        _commits.Next = failure;
        try
        {
            Assert.Null(await shipper.RunAsync(Token));
        }
        catch (SpoolDamagedException torn)
        {
            Assert.True(torn.IsTorn);
        }

        _commits.Next = CommitFailure.None;
    }

    /// <summary>As the scheduler does it.</summary>
    private async Task<long> BeginNextAsync()
    {
        await using var db = _database.Open();
        var restoreStep = await db.Checkpoints.Where(row => row.RunId == _runId && row.Complete).MaxAsync(row => (long?)row.Step, Token) ?? 0;
        await _database.BeginAttemptAsync(_runId, ++Attempt, restoreStep, Token);
        return restoreStep;
    }

    private Task<MetricWriter> OpenWriterAsync(AttemptOrder order) =>
        MetricWriter.OpenAsync(_stores.Databases, order.RunId, order.Attempt, order.RestoreStep, Token);
}
