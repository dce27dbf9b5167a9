using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Databases;

namespace MaeLab.Benchmarks.Ring;

/// <summary>An experiment of 60 runs x 20 series x 10,000 points, ten of whose runs go on training.</summary>
internal sealed record CurvesExperiment(Guid Id, IReadOnlyList<Guid> Runs)
{
    public const int Growing = 10;
    public const int Points = 10_000;
    public const double StepsPerEpoch = 500;
    private const int RunCount = 60;

    public static IReadOnlyList<string> Names { get; } = [SeriesNames.TrainLoss, SeriesNames.Epoch, .. Enumerable.Range(0, 18).Select(i => $"sample/{i}")];

    public static async Task<CurvesExperiment> AddAsync(TestDatabase database, CancellationToken cancellationToken)
    {
        var experiment = SampleRuns.Experiment();
        experiment.RunCount = RunCount;
        var runs = new List<Guid>();
        await using (var db = database.Open())
        {
            db.Add(experiment);
            for (var index = 0; index < RunCount; index++)
            {
                var run = SampleRuns.Run(experiment.Id, index);
                (run.Seed, run.State, run.Attempt) = (index, index < Growing ? RunState.Running : RunState.Completed, 1);
                db.Add(run);
                runs.Add(run.Id);
            }

            await db.SaveChangesAsync(cancellationToken);
        }

        foreach (var (index, run) in runs.Index())
        {
            await database.BeginAttemptAsync(run, 1, restoreStep: 0, cancellationToken);
            var writer = await MetricWriter.OpenAsync(database.Contexts, run, attempt: 1, restoreStep: 0, cancellationToken);
            for (var step = 1; step <= Points; step++)
            {
                writer.Add(Names.Select(name => new MetricPoint(name, step, name == SeriesNames.Epoch ? step / StepsPerEpoch : (1 + Math.Sin((step + index) * 12.9898)) / (1 + (step * 1e-3)))));
            }

            await writer.FlushAsync(cancellationToken);
            if (index < Growing)
            {
                await database.BeginAttemptAsync(run, 2, restoreStep: Points, cancellationToken);
            }
        }

        return new(experiment.Id, runs);
    }
}
