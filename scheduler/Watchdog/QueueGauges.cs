using MaeLab.Domain.Runs;
using MaeLab.Hosting.Background;
using MaeLab.Hosting.Bus;
using MaeLab.Hosting.Startup;
using MaeLab.Hosting.Telemetry;
using MaeLab.Scheduler.Lifecycle;
using MaeLab.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MaeLab.Scheduler.Watchdog;

/// <summary>Tells <c>/metrics</c> how the queue stands, as often as it is usually asked.</summary>
public sealed class QueueGauges(
    IDbContextFactory<MaeLabDb> databases, FailedMessages failed, IOptions<SchedulerOptions> options, StartupGate gate, TimeProvider time, ILogger<QueueGauges> logger)
    : LoopService(gate, time, logger)
{
    protected override TimeSpan Every => TimeSpan.FromSeconds(15);

    protected override async Task TurnAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var counts = await db.RunsAndJobs.GroupBy(run => run.State).Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        foreach (var state in Enum.GetValues<RunState>())
        {
            Instruments.Runs.Record(counts.GetValueOrDefault(state), new KeyValuePair<string, object?>("state", RunHints.Word(state)));
        }

        Instruments.QueueDepth.Record(counts.GetValueOrDefault(RunState.Queued));

        var now = Time.GetUtcNow();
        var oldest = await db.RunAttempts.Where(attempt => attempt.EndedAt == null)
            .OrderBy(attempt => attempt.LeaseUntil).Select(attempt => (DateTimeOffset?)attempt.LeaseUntil).FirstOrDefaultAsync(cancellationToken);
        Instruments.OldestLeaseAge.Record(oldest is { } until ? Math.Max(0, (now + options.Value.Lease - until).TotalSeconds) : 0);

        var earliest = now - options.Value.Lease;
        Instruments.LiveRunners.Record(await db.Runners.CountAsync(runner => runner.LastSeenAt > earliest, cancellationToken));

        if (await failed.CountAsync(cancellationToken) is { } count)
        {
            Instruments.ErrorQueueDepth.Record(count);
        }
    }
}
