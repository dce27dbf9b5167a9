using System.Diagnostics;
using MaeLab.Domain.Runs;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Faults;
using MaeLab.Testing.Ring;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Benchmarks.Ring;

/// <summary>
/// At the lease as delivered: from the moment a runner stands still (SIGSTOP: connections stay, nothing is said) until the scheduler has
/// taken its run back, and until the other runner trains it; and from the moment the active scheduler stands still until the other
/// is active. Five processes, real broker, real database.
/// </summary>
public static class LostBenchmark
{
    private const int Repetitions = 5;

    /// <summary>Longer than any of this may take: what takes longer hangs.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var databases = new PostgresServer();
        await using var brokers = new RabbitMqServer();
        await using var ring = await RunningRing.StartAsync(
            databases, brokers, new(Webs: 1, Schedulers: 2, Runners: 2), new Dictionary<string, string> { ["Runner__Calibrate"] = "false" }, cancellationToken);
        var (detected, continued, active) = (new List<double>(), new List<double>(), new List<double>());
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var (found, goesOn) = await LoseRunnerAsync(ring, cancellationToken);
            detected.Add(found);
            continued.Add(goesOn);
        }

        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            active.Add(await LoseSchedulerAsync(ring));
        }

        Distribution.Print("runner stands still to its run taken back", detected);
        Distribution.Print("the same to the run trained by the other runner", continued);
        Distribution.Print("active scheduler stands still to the other one active", active);
    }

    private static async Task<(double Detected, double Continued)> LoseRunnerAsync(RunningRing ring, CancellationToken cancellationToken)
    {
        var id = Guid.Parse(await ring.SubmitAsync(OneLongRun(), cancellationToken));
        var attempt = await FindAsync(ring, "attempt that trains", db => db.RunAttempts.Where(row => row.RunId == id && row.LastSequence > 3));
        var name = (await FindAsync(ring, "its runner", db => db.Runners.Where(row => row.Id == attempt.RunnerId))).Name;
        var runner = ring.Runners[name == "runner-1" ? 0 : 1];

        var began = Stopwatch.GetTimestamp();
        await runner.SignalAsync(Signals.Stop);
        await FindAsync(ring, "end of the attempt", db => db.RunAttempts.Where(row => row.RunId == id && row.Number == 1 && row.EndedAt != null));
        var detected = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        await FindAsync(ring, "run on the other runner", db => db.RunAttempts.Where(row => row.RunId == id && row.Number == 2 && row.StartedAt != null && row.RunnerId != attempt.RunnerId));
        var continued = Stopwatch.GetElapsedTime(began).TotalMilliseconds;

        await runner.SignalAsync(Signals.Continue);
        using var answer = await ring.Http.PostAsync(new Uri($"api/v1/runs/{id}/cancel", UriKind.Relative), content: null, cancellationToken);
        answer.EnsureSuccessStatusCode();
        await FindAsync(ring, "cancelled run", db => db.Runs.Where(row => row.Id == id && row.State == RunState.Cancelled));
        await BothAreHeardAsync(ring);
        return (detected, continued);
    }

    private static async Task<double> LoseSchedulerAsync(RunningRing ring)
    {
        var active = ring.Schedulers.Single(IsActive);
        var heir = ring.Schedulers.Single(scheduler => scheduler != active);
        var began = Stopwatch.GetTimestamp();
        await active.SignalAsync(Signals.Stop);
        await Eventually.GetAsync("active scheduler", () => Task.FromResult(IsActive(heir) ? heir : null), s_patience, () => ring.Output);
        var time = Stopwatch.GetElapsedTime(began).TotalMilliseconds;

        await active.SignalAsync(Signals.Continue);
        await Eventually.GetAsync("scheduler that knows it", () => Task.FromResult(IsActive(active) ? null : active), s_patience, () => ring.Output);
        return time;
    }

    /// <summary>By its own word, the last one.</summary>
    private static bool IsActive(ServiceProcess scheduler)
    {
        var output = scheduler.OutputOf(int.MaxValue);
        return output.LastIndexOf("is the active one now", StringComparison.Ordinal) > output.LastIndexOf("is not active any more", StringComparison.Ordinal);
    }

    /// <summary>So that the next run finds a second runner.</summary>
    private static Task<RunnerRow[]> BothAreHeardAsync(RunningRing ring) => Eventually.GetAsync(
        "two runners heard of",
        async () =>
        {
            await using var db = await ring.Contexts.CreateDbContextAsync();
            var since = DateTimeOffset.UtcNow - TimeSpan.FromSeconds(5);
            var heard = await db.Runners.AsNoTracking().Where(row => row.LastSeenAt > since).ToArrayAsync();
            return heard.Length == 2 && !await db.RunAttempts.AnyAsync(row => row.EndedAt == null) ? heard : null;
        },
        s_patience,
        () => ring.Output);

    private static Task<T> FindAsync<T>(RunningRing ring, string what, Func<MaeLabDb, IQueryable<T>> rows)
        where T : class => Eventually.GetAsync(
        what,
        async () =>
        {
            await using var db = await ring.Contexts.CreateDbContextAsync();
            return await rows(db).AsNoTracking().FirstOrDefaultAsync();
        },
        s_patience,
        () => ring.Output);

    private static object OneLongRun() => new
    {
        name = "lost",
        preset = "nano",
        @base = new { epochs = 500, evaluation = new { linearProbe = false, reconstructions = 0, everyEpochs = 0 } },
    };
}
