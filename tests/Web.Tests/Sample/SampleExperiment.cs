using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Storage;
using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runners;
using MaeLab.Storage.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Sample;

/// <summary>An experiment as scheduler and runner would leave it in the database, with believable curves.</summary>
internal sealed class SampleExperiment(IDbContextFactory<MaeLabDb> databases, TimeProvider time)
{
    public const string Definition =
        """{"name":"Mask ratio x patch size","description":"Which mask ratio for which patch size?","tags":["paper"],"preset":"nano","axes":{"maskRatio":[0.5,0.75,0.9],"patchSize":[4,7],"seed":[0,1]}}""";

    public static readonly Guid Runner = Guid.Parse("01900000-0000-7000-8000-00000000aaaa");

    private static readonly Dictionary<string, DatasetInfo> s_datasets = Datasets.Known.ToDictionary(dataset => dataset.Name);

    /// <summary>The runner that has all the runs of the samples.</summary>
    public async Task AddRunnerAsync(string name, Guid id, TimeSpan silentFor, double? gigaflops, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var seen = time.GetUtcNow() - silentFor;
        db.Runners.Add(new()
        {
            Id = id,
            Name = name,
            Device = "cpu",
            Slots = 2,
            Cores = 8,
            MemoryBytes = 32L << 30,
            GigaflopsPerSecond = gigaflops,
            Datasets = DatasetCatalog.Write([Datasets.FashionMnistSample, Datasets.FashionMnist]),
            FirstSeenAt = seen.AddDays(-2),
            LastSeenAt = seen,
            ProcessStartedAt = seen.AddHours(-5),
        });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <param name="stateOf">State of a run by its index.</param>
    public async Task<(Guid Id, IReadOnlyList<Guid> RunIds)> AddAsync(
        Func<int, RunState> stateOf, CancellationToken cancellationToken, string definition = Definition, TimeSpan age = default)
    {
        var plan = AblationPlan.Parse(definition, s_datasets).Value ?? throw new ArgumentException("The sample is not valid.", nameof(definition));
        var createdAt = time.GetUtcNow() - age;
        var id = Guid.CreateVersion7(createdAt);
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            db.Experiments.Add(new()
            {
                Id = id,
                Name = plan.Definition.Name,
                Description = plan.Definition.Description,
                Tags = [.. plan.Definition.Tags ?? []],
                Definition = definition,
                Axes = JsonSerializer.Serialize(plan.Axes, JsonDefaults.Options),
                RunCount = plan.Runs.Count,
                SubmittedBy = "tester",
                CreatedAt = createdAt,
            });
            foreach (var run in plan.Runs)
            {
                AddRun(db, id, run, stateOf(run.Index), createdAt);
            }

            await db.SaveChangesAsync(cancellationToken);
        }

        foreach (var run in plan.Runs.Where(run => stateOf(run.Index) is not (RunState.Queued or RunState.Assigned)))
        {
            await WriteResultsAsync(run, run.IdIn(id), stateOf(run.Index), cancellationToken);
        }

        return (id, [.. plan.Runs.Select(run => run.IdIn(id))]);
    }

    private static void AddRun(MaeLabDb db, Guid experimentId, PlannedRun run, RunState state, DateTimeOffset createdAt)
    {
        var total = RecipeCost.Of(run.Recipe, s_datasets[run.Recipe.Dataset.Name]).TotalSteps;
        var step = StepOf(state, total);
        var begun = state is not (RunState.Queued or RunState.Assigned);
        var startedAt = createdAt.AddSeconds(2 + (run.Index * 20));
        var loss = step > 0 ? SampleCurves.Loss(run.Recipe, step, total) : (double?)null;
        db.Runs.Add(new()
        {
            Id = run.IdIn(experimentId),
            ExperimentId = experimentId,
            Index = run.Index,
            Position = run.Index,
            CellIndex = run.Cell.Index,
            IsBaseline = run.Cell.IsBaseline,
            Levels = run.Cell.LevelsJson().ToJsonString(),
            Recipe = RecipeJson.Write(run.Recipe).ToJsonString(),
            Seed = run.Recipe.Seed,
            MaskRatio = run.Recipe.MaskRatio,
            PatchSize = run.Recipe.PatchSize,
            Dataset = run.Recipe.Dataset.Name,
            State = state,
            Attempt = begun || state == RunState.Assigned ? 1 : 0,
            Reason = state == RunState.Failed ? ReasonCode.Diverged : state == RunState.Cancelled ? ReasonCode.User : ReasonCode.None,
            ReasonText = state == RunState.Failed ? $"The loss was not a number at step {step}. Try a smaller learning rate, or a gradient clip of 1." : null,
            RunnerId = begun || state == RunState.Assigned ? Runner : null,
            CreatedAt = createdAt,
            NotBefore = createdAt,
            StartedAt = begun ? startedAt : null,
            EndedAt = state.IsFinal() ? startedAt.AddSeconds(38) : null,
            Step = step,
            TotalSteps = total,
            Epoch = (double)run.Recipe.Epochs * step / total,
            Loss = state == RunState.Failed ? double.NaN : loss,
            ImagesPerSecond = step > 0 ? 2085.3 : null,
        });
        if (begun)
        {
            db.RunAttempts.Add(new()
            {
                RunId = run.IdIn(experimentId),
                Number = 1,
                RunnerId = Runner,
                AssignedAt = startedAt.AddSeconds(-1),
                StartedAt = startedAt,
                EndedAt = state.IsFinal() ? startedAt.AddSeconds(38) : null,
                LeaseUntil = startedAt.AddHours(1),
            });
        }
    }

    private async Task WriteResultsAsync(PlannedRun run, Guid runId, RunState state, CancellationToken cancellationToken)
    {
        var total = RecipeCost.Of(run.Recipe, s_datasets[run.Recipe.Dataset.Name]).TotalSteps;
        var step = StepOf(state, total);
        var writer = await MetricWriter.OpenAsync(databases, runId, attempt: 1, restoreStep: 0, cancellationToken);
        List<ProbeResultRow> halfway = step >= total / 2 ? [.. SampleGallery.Results(runId, run.Recipe, total / 2, 0.35), .. SampleTheory.Cheap(runId, run.Recipe, total / 2, 0.5)] : [];
        List<ProbeResultRow> final = state == RunState.Completed ? [.. SampleGallery.Results(runId, run.Recipe, total, 0.12), .. SampleTheory.Cheap(runId, run.Recipe, total, 1)] : [];
        List<MetricPoint> points =
        [
            .. SampleCurves.Points(run.Recipe, step, total, diverges: state == RunState.Failed),
            .. halfway.Concat(final).Select(result => new MetricPoint(result.Probe, result.Step, result.Value)),
        ];
        writer.Add(points);
        writer.Account(points.Count, dropped: 0);
        await writer.FlushAsync(cancellationToken);

        var store = new RunResultStore(databases);
        await store.AddLogsAsync(runId, 1, Logs(runId, step, total, state), cancellationToken);
        if (step >= total / 2)
        {
            await store.SaveEvaluationAsync(runId, 1, total / 2, SampleGallery.Images(runId, run.Recipe, total / 2, 0.35, first: true), halfway, cancellationToken);
            var checkpoints = new CheckpointStore(databases, time);
            await checkpoints.SaveAsync(
                Guid.CreateVersion7(), runId, 1, total / 2, run.Recipe.Epochs / 2.0, final: false, new MemoryStream(new byte[100_000]), cancellationToken);
        }

        if (state == RunState.Completed)
        {
            await store.SaveEvaluationAsync(
                runId, 1, total, SampleGallery.Images(runId, run.Recipe, total, 0.12, first: false),
                [.. final, .. SampleFullTheory.Results(runId, run.Recipe, total), .. SampleClassifiers.Results(runId, run.Recipe, total)], cancellationToken);
            await store.SaveOutcomeAsync(
                new() { RunId = runId, Attempt = 1, Outcome = AttemptOutcome.Completed, Step = total, WeightsSha256 = new string('a', 64), EndedAt = time.GetUtcNow() },
                cancellationToken);
        }
        else if (state == RunState.Failed)
        {
            await store.SaveOutcomeAsync(
                new() { RunId = runId, Attempt = 1, Outcome = AttemptOutcome.Failed, Reason = ReasonCode.Diverged, Message = "The loss was not a number.", Step = step, EndedAt = time.GetUtcNow() },
                cancellationToken);
        }
    }

    private static long StepOf(RunState state, long total) => state switch
    {
        RunState.Queued or RunState.Assigned => 0,
        RunState.Completed => total,
        RunState.Failed => total / 4,
        _ => total * 3 / 5,
    };

    private List<RunLogRow> Logs(Guid runId, long step, long total, RunState state)
    {
        var sequence = 0;
        RunLogRow Line(string level, string text) => new() { RunId = runId, Attempt = 1, Sequence = ++sequence, At = time.GetUtcNow(), Level = level, Text = text };
        List<RunLogRow> lines =
        [
            Line("info", "Read fashion-mnist-sample: 8000 training images, 2000 to probe with."),
            Line("info", $"Training on cpu with 2 threads: {total} steps."),
        ];
        for (var epoch = 1; epoch <= 10 * step / total; epoch++)
        {
            lines.Add(Line("info", $"Epoch {epoch} of 10 done, 2085 images a second."));
        }

        if (state == RunState.Failed)
        {
            lines.Add(Line("error", $"The loss was not a number at step {step}."));
        }

        return lines;
    }
}
