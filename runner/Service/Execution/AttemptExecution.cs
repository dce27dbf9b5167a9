using MaeLab.Contracts.Commands;
using MaeLab.Contracts.Facts;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Training;
using MaeLab.Hosting.Bus;
using MaeLab.Hosting.Telemetry;
using MaeLab.Runner.Machine;
using MaeLab.Runner.Spooling;
using MaeLab.Runner.Telemetry;
using MaeLab.Storage;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Model;
using Microsoft.Extensions.Options;

namespace MaeLab.Runner.Execution;

/// <summary>One attempt from its order to its outcome: reads what to do, does it, ships, says that it ended.</summary>
public sealed partial class AttemptExecution(
    StartRun start, ShippingStores stores, AttemptWork work, RunnerIdentity identity, ResourceSampler resources, IOptions<RunnerOptions> options,
    ILogger<AttemptExecution> logger)
{
    private readonly Lock _lock = new();
    private StopRequest _stop;
    private ShippingSink? _sink;

    /// <summary>Asks the loop to leave between two batches; a step it is in the midst of is dropped.</summary>
    public void Stop(StopRequest stop)
    {
        lock (_lock)
        {
            _stop = stop > _stop ? stop : _stop;
            _sink?.RequestStop(_stop);
        }
    }

    /// <param name="abandoned">Leave at once; what is on disk by then is stored in the next life of this runner.</param>
    /// <returns>What to say once the slot is free; null where the attempt ends without an outcome.</returns>
    public async Task<RunEnded?> RunAsync(CancellationToken abandoned)
    {
        using var scope = logger.BeginScope(new Dictionary<string, object> { ["RunId"] = start.RunId, ["Attempt"] = start.Attempt });
        string? folder = null;
        try
        {
            folder = AttemptFolder.Create(identity, new(start.RunId, start.Attempt));
            return await ExecuteAsync(folder, abandoned);
        }
        catch (FenceLostException lost)
        {
            LogFenceLost(lost.Message);
        }
        catch (OperationCanceledException) when (abandoned.IsCancellationRequested)
        {
            LogAbandoned(start.RunId, folder);
            folder = null;
        }
        catch (Exception error)
        {
            // Not even its outcome could be stored. The scheduler takes the attempt back once we no longer report it.
            LogBroken(error, start.RunId);
        }
        finally
        {
            if (folder is not null)
            {
                AttemptFolder.TryDelete(folder, logger);
            }
        }

        return null;
    }

    private async Task<RunEnded?> ExecuteAsync(string folder, CancellationToken cancellationToken)
    {
        AttemptOrder? order;
        using (RunTrace.Start("begin attempt", start.ExperimentId, start.RunId, start.Attempt))
        {
            order = await stores.Patience.DoAsync(
                "the question what to do", token => AttemptOrder.LoadAsync(stores.Databases, start, token), IsAnswer, cancellationToken);
        }

        // Training may take days: every step of it that is worth a place in the trace says so itself.
        RunTrace.Leave();
        if (order is null)
        {
            LogNotOurs(start.RunId, start.Attempt);
            return null;
        }

        LogStarting(order.RunId, order.Attempt, order.RestoreStep);
        AttemptOutcomeRow outcome;
        try
        {
            outcome = await WorkWhileShippingAsync(order, folder, cancellationToken);
        }
        catch (Exception error) when (!IsAnswer(error) && !cancellationToken.IsCancellationRequested)
        {
            // What it made could not be stored; how it ended may be.
            outcome = Failed(order, error);
            await stores.Patience.DoAsync("the outcome", token => stores.Results.SaveOutcomeAsync(outcome, token), IsAnswer, cancellationToken);
        }

        LogEnded(order.RunId, outcome.Outcome, outcome.Reason, outcome.Step, outcome.Message);
        return new(order.RunId, order.ExperimentId, order.Attempt, order.RunnerId);
    }

    /// <returns>The outcome, which is stored.</returns>
    private async Task<AttemptOutcomeRow> WorkWhileShippingAsync(AttemptOrder order, string folder, CancellationToken cancellationToken)
    {
        var writer = await stores.Patience.DoAsync(
            "the question for its series",
            token => MetricWriter.OpenAsync(stores.Databases, order.RunId, order.Attempt, order.RestoreStep, token),
            IsAnswer,
            cancellationToken);
        using var line = new ShippingLine(order, folder, options.Value, writer, stores, resources);
        lock (_lock)
        {
            _sink = line.Sink;
            _sink.RequestStop(_stop);
        }

        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = WorkAsync(order, line.Sink, folder, leave.Token);
        var shipping = line.RunAsync(cancellationToken);
        if (await Task.WhenAny(working, shipping) == shipping)
        {
            // It never ends before it is told to, unless it failed: nothing this attempt produces can be kept any more.
            line.Sink.RequestStop(StopRequest.Stop);
            await leave.CancelAsync();
            await Task.WhenAny(working);
            await shipping;
        }

        var outcome = await working;
        line.Sink.SayProgress();
        if (line.DroppedPoints > 0)
        {
            line.Sink.Log(LogSeverity.Error, $"{line.DroppedPoints:#,0} points were dropped: the database was away for longer than there was room for them.");
        }

        line.Finish(outcome);
        return await shipping;
    }

    /// <returns>How it ended, also where it failed.</returns>
    private async Task<AttemptOutcomeRow> WorkAsync(AttemptOrder order, ShippingSink sink, string folder, CancellationToken cancellationToken)
    {
        var outcome = new AttemptOutcomeRow { RunId = order.RunId, Attempt = order.Attempt, Step = order.RestoreStep };
        try
        {
            var restore = await RestorePoint.DownloadAsync(order, stores, folder, cancellationToken);
            var done = await work.RunAsync(order, restore, sink, cancellationToken);
            outcome.Outcome = done.Completed ? AttemptOutcome.Completed : AttemptOutcome.Stopped;
            (outcome.Step, outcome.WeightsSha256) = (done.Step, done.WeightsSha256);
        }
        catch (TrainingFailedException failed)
        {
            sink.Log(LogSeverity.Error, failed.Message);
            (outcome.Outcome, outcome.Reason, outcome.Message) = (AttemptOutcome.Failed, failed.Reason, failed.Message);
        }
        catch (RestorePointLostException lost)
        {
            (outcome.Outcome, outcome.Message) = (AttemptOutcome.Stopped, lost.Message);
        }
        catch (Exception error) when (!IsAnswer(error) && !cancellationToken.IsCancellationRequested)
        {
            sink.Log(LogSeverity.Error, error.Message);
            return Failed(order, error);
        }

        outcome.EndedAt = stores.Time.GetUtcNow();
        return outcome;
    }

    private AttemptOutcomeRow Failed(AttemptOrder order, Exception error)
    {
        LogInternalError(error, order.RunId);
        return new()
        {
            RunId = order.RunId,
            Attempt = order.Attempt,
            Step = order.RestoreStep,
            Outcome = AttemptOutcome.Failed,
            Reason = IsOfSurroundings(error) ? ReasonCode.Infrastructure : ReasonCode.InternalError,
            Message = $"{error.GetType().Name}: {error.Message}",
            EndedAt = stores.Time.GetUtcNow(),
        };
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

    [LoggerMessage(LogLevel.Warning, "Run {RunId} was left at once; what is in {Folder} is stored when this runner starts the next time")]
    private partial void LogAbandoned(Guid runId, string? folder);

    [LoggerMessage(LogLevel.Error, "Run {RunId} failed with an error of ours")]
    private partial void LogInternalError(Exception error, Guid runId);

    [LoggerMessage(LogLevel.Error, "Run {RunId}: the attempt ends without an outcome")]
    private partial void LogBroken(Exception error, Guid runId);
}
