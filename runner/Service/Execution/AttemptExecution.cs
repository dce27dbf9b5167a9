using MaeLab.Contracts.Commands;
using MaeLab.Contracts.Facts;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Training;
using MaeLab.Hosting.Bus;
using MaeLab.Runner.Telemetry;
using MaeLab.Storage;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Model;
using Microsoft.Extensions.Options;

namespace MaeLab.Runner.Execution;

/// <summary>One attempt from its order to its outcome: reads what to do, trains on a thread of its own, ships, says that it ended.</summary>
public sealed partial class AttemptExecution(
    StartRun start, ShippingStores stores, TrainingLoop train, TrainingRate rate, RunnerIdentity identity,
    IOptions<RunnerOptions> options, ILogger<AttemptExecution> logger)
{
    private readonly Lock _lock = new();
    private StopRequest _stop;
    private ShippingSink? _sink;

    /// <summary>Asks the loop to leave at the next step boundary.</summary>
    public void Stop(StopRequest stop)
    {
        lock (_lock)
        {
            _stop = stop > _stop ? stop : _stop;
            _sink?.RequestStop(_stop);
        }
    }

    /// <param name="abandoned">Leave at once and store nothing more.</param>
    /// <returns>What to say once the slot is free; null where the attempt ends without an outcome.</returns>
    public async Task<RunEnded?> RunAsync(CancellationToken abandoned)
    {
        using var scope = logger.BeginScope(new Dictionary<string, object> { ["RunId"] = start.RunId, ["Attempt"] = start.Attempt });
        var folder = Path.Combine(identity.WorkFolder, $"{start.RunId:n}-{start.Attempt}");
        try
        {
            Directory.CreateDirectory(folder);
            return await ExecuteAsync(folder, abandoned);
        }
        catch (FenceLostException lost)
        {
            LogFenceLost(lost.Message);
        }
        catch (OperationCanceledException) when (abandoned.IsCancellationRequested)
        {
            LogAbandoned(start.RunId);
        }
        catch (Exception error)
        {
            // Not even its outcome could be stored. The scheduler takes the attempt back once we no longer report it.
            LogBroken(error, start.RunId);
        }
        finally
        {
            TryDelete(folder);
        }

        return null;
    }

    private async Task<RunEnded?> ExecuteAsync(string folder, CancellationToken cancellationToken)
    {
        var order = await stores.Patience.DoAsync(
            "the question what to do", token => AttemptOrder.LoadAsync(stores.Databases, start, token), IsAnswer, cancellationToken);
        if (order is null)
        {
            LogNotOurs(start.RunId, start.Attempt);
            return null;
        }

        LogStarting(order.RunId, order.Attempt, order.RestoreStep);
        var outcome = await TrainAndShipAsync(order, folder, cancellationToken);
        await stores.Patience.DoAsync("the outcome", token => stores.Results.SaveOutcomeAsync(outcome, token), IsAnswer, cancellationToken);
        LogEnded(order.RunId, outcome.Outcome, outcome.Reason, outcome.Step, outcome.Message);
        return new(order.RunId, order.ExperimentId, order.Attempt, order.RunnerId);
    }

    private async Task<AttemptOutcomeRow> TrainAndShipAsync(AttemptOrder order, string folder, CancellationToken cancellationToken)
    {
        var outcome = new AttemptOutcomeRow { RunId = order.RunId, Attempt = order.Attempt, Step = order.RestoreStep };
        try
        {
            var restore = await RestorePoint.DownloadAsync(order, stores, folder, cancellationToken);
            var writer = await stores.Patience.DoAsync(
                "the question for its series",
                token => MetricWriter.OpenAsync(stores.Databases, order.RunId, order.Attempt, order.RestoreStep, token),
                IsAnswer,
                cancellationToken);
            var trained = await TrainWhileShippingAsync(order, writer, restore, folder, cancellationToken);
            outcome.Outcome = trained.Completed ? AttemptOutcome.Completed : AttemptOutcome.Stopped;
            (outcome.Step, outcome.WeightsSha256) = (trained.Step, trained.WeightsSha256);
        }
        catch (TrainingFailedException failed)
        {
            (outcome.Outcome, outcome.Reason, outcome.Message) = (AttemptOutcome.Failed, failed.Reason, failed.Message);
        }
        catch (RestorePointLostException lost)
        {
            (outcome.Outcome, outcome.Message) = (AttemptOutcome.Stopped, lost.Message);
        }
        catch (Exception error) when (!IsAnswer(error) && !cancellationToken.IsCancellationRequested)
        {
            LogInternalError(error, order.RunId);
            (outcome.Outcome, outcome.Reason) = (AttemptOutcome.Failed, IsOfSurroundings(error) ? ReasonCode.Infrastructure : ReasonCode.InternalError);
            outcome.Message = $"{error.GetType().Name}: {error.Message}";
        }

        outcome.EndedAt = stores.Time.GetUtcNow();
        return outcome;
    }

    private async Task<TrainingOutcome> TrainWhileShippingAsync(
        AttemptOrder order, MetricWriter writer, Func<Stream>? restore, string folder, CancellationToken cancellationToken)
    {
        var queue = new ShippingQueue();
        var shipper = new Shipper(order, queue, writer, stores);
        var sink = new ShippingSink(order, queue, shipper.Wake, stores.Outbox, folder, stores.Time);
        lock (_lock)
        {
            _sink = sink;
            sink.RequestStop(_stop);
        }

        var job = new TrainingJob(order.Recipe, restore, options.Value.DataFolders, options.Value.ThreadsOfARun, options.Value.Cache());
        var began = stores.Time.GetTimestamp();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var training = TrainingThread.Start($"train {order.RunId}", () => train(job, sink, leave.Token));
        var shipping = shipper.RunAsync(cancellationToken);
        if (await Task.WhenAny(training, shipping) == shipping)
        {
            // It never ends before it is told to, unless it failed: nothing this training produces can be kept any more.
            sink.RequestStop(StopRequest.Stop);
            await leave.CancelAsync();
            await Task.WhenAny(training);
            await shipping;
        }

        sink.SayProgress();
        if (queue.Dropped > 0)
        {
            sink.Log(LogSeverity.Error, $"{queue.Dropped} points were dropped: the database was away for longer than {ShippingQueue.PointLimit} points.");
        }

        if (training.Exception?.InnerException is { } failure)
        {
            sink.Log(LogSeverity.Error, failure.Message);
        }

        shipper.Finish();
        await shipping;
        var trained = await training;
        rate.Learn(order.Recipe, trained.Step - order.RestoreStep, stores.Time.GetElapsedTime(began));
        return trained;
    }

    private void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What stays there goes with the next start of this runner.
            LogNotDeleted(error, folder);
        }
    }

    /// <summary>A disk without room is a plain IOException; those of a kind of their own (no such file, its end too early) speak of what is read.</summary>
    private static bool IsOfSurroundings(Exception error) =>
        InfrastructureFailure.Is(error) && (error is not IOException || error.GetType() == typeof(IOException));

    private static bool IsAnswer(Exception error) => error is FenceLostException;

    [LoggerMessage(LogLevel.Information, "Run {RunId}: attempt {Attempt} begins, from step {RestoreStep}")]
    private partial void LogStarting(Guid runId, int attempt, long restoreStep);

    [LoggerMessage(LogLevel.Information, "Run {RunId}: {Outcome} {Reason} at step {Step} {Message}")]
    private partial void LogEnded(Guid runId, AttemptOutcome outcome, ReasonCode reason, long step, string? message);

    [LoggerMessage(LogLevel.Information, "Run {RunId}: attempt {Attempt} is not ours any more; nothing to do")]
    private partial void LogNotOurs(Guid runId, int attempt);

    [LoggerMessage(LogLevel.Warning, "{Reason} Training stopped, nothing more is written")]
    private partial void LogFenceLost(string reason);

    [LoggerMessage(LogLevel.Warning, "Run {RunId} was left at once; what was not stored yet is lost")]
    private partial void LogAbandoned(Guid runId);

    [LoggerMessage(LogLevel.Warning, "{Folder} could not be removed; it is when this runner starts the next time")]
    private partial void LogNotDeleted(Exception error, string folder);

    [LoggerMessage(LogLevel.Error, "Run {RunId} failed with an error of ours")]
    private partial void LogInternalError(Exception error, Guid runId);

    [LoggerMessage(LogLevel.Error, "Run {RunId}: the attempt ends without an outcome")]
    private partial void LogBroken(Exception error, Guid runId);
}
