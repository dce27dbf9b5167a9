using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Ring;

namespace MaeLab.Benchmarks.Ring;

/// <summary>
/// From the moment a client sends an experiment to the first step of its run, as the runner noted it: three processes, real broker,
/// real database, the runner idle before each submission.
/// </summary>
public static class SubmitBenchmark
{
    private const int Repetitions = 15;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var databases = new PostgresServer();
        await using var brokers = new RabbitMqServer();
        await using var ring = await RunningRing.StartAsync(databases, brokers, cancellationToken);
        var times = new List<double>();
        for (var repetition = 0; repetition <= Repetitions; repetition++)
        {
            var sent = DateTimeOffset.UtcNow;
            var runId = await ring.SubmitAsync(OneShortRun(repetition), cancellationToken);
            var run = await ring.WaitUntilOverAsync(runId, cancellationToken);
            if (repetition > 0) // the first one compiles and warms up everything
            {
                times.Add(((DateTimeOffset)run["startedAt"]! - sent).TotalMilliseconds);
            }
        }

        Distribution.Print("submission to first training step", times);
    }

    private static object OneShortRun(int seed) => new
    {
        name = "benchmark",
        preset = "nano",
        @base = new
        {
            dataset = new { name = "fashion-mnist-sample", limit = 512 },
            epochs = 2,
            seed,
            evaluation = new { linearProbe = false, reconstructions = 0, everyEpochs = 0 },
        },
    };
}
