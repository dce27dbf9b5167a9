using MaeLab.Storage.Checkpoints;
using MaeLab.Testing;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.System.Tests.Faults;

/// <summary>What faults must not leave behind, once every run is completed.</summary>
internal static class Leftovers
{
    /// <summary>By what they are: a query that counts them.</summary>
    private static readonly Dictionary<string, string> s_rows = new()
    {
        ["runs without exactly one outcome 'completed', that of their newest attempt"] =
            """
            SELECT count(*) FROM runs r WHERE 1 <> (SELECT count(*) FROM attempt_outcomes o WHERE o.run_id = r.id AND o.outcome = 'Completed')
                OR NOT EXISTS (SELECT FROM attempt_outcomes o WHERE o.run_id = r.id AND o.attempt = r.attempt AND o.outcome = 'Completed')
            """,
        ["attempts that have not ended"] = "SELECT count(*) FROM run_attempts WHERE ended_at IS NULL",
        ["runs whose attempts are not 1, 2, 3 ..."] =
            """
            SELECT count(*) FROM runs r WHERE r.attempt <> (SELECT count(*) FROM run_attempts a WHERE a.run_id = r.id)
                OR r.attempt <> (SELECT max(a.number) FROM run_attempts a WHERE a.run_id = r.id)
            """,
        ["failures counted against a run"] = "SELECT sum(failures) FROM runs",
        ["runs whose progress is not their end"] = "SELECT count(*) FROM runs WHERE step <> total_steps",
        ["outcomes without an attempt"] =
            "SELECT count(*) FROM attempt_outcomes o WHERE NOT EXISTS (SELECT FROM run_attempts a WHERE a.run_id = o.run_id AND a.number = o.attempt)",
        ["chunks without a series"] = "SELECT count(*) FROM metric_chunks c WHERE NOT EXISTS (SELECT FROM series s WHERE s.id = c.series_id)",
        ["series without a run"] = "SELECT count(*) FROM series s WHERE NOT EXISTS (SELECT FROM runs r WHERE r.id = s.run_id)",
        ["pieces without a checkpoint"] = "SELECT count(*) FROM checkpoint_chunks c WHERE NOT EXISTS (SELECT FROM checkpoints k WHERE k.id = c.checkpoint_id)",
        ["half-written checkpoints"] = "SELECT count(*) FROM checkpoints WHERE NOT complete",
        ["runs with more checkpoints than they keep"] =
            $"SELECT count(*) FROM (SELECT run_id FROM checkpoints WHERE complete GROUP BY run_id HAVING count(*) > {SixRuns.KeptCheckpoints}) many",
    };

    public static async Task AssertNoneAsync(FaultRing ring, RingWatch watch, CancellationToken cancellationToken)
    {
        List<string> found = [];
        foreach (var (what, query) in s_rows)
        {
            if (await watch.ReadAsync(query) is var count && count is not ("0" or ""))
            {
                found.Add($"{count} {what}");
            }
        }

        Assert.True(found.Count == 0, $"{string.Join("; ", found)}{ring.Output}");
        await AssertCheckpointsReadableAsync(ring, cancellationToken);
        await AssertQueuesDrainedAsync(ring);
    }

    private static async Task AssertCheckpointsReadableAsync(FaultRing ring, CancellationToken cancellationToken)
    {
        await using var db = await ring.Contexts.CreateDbContextAsync(cancellationToken);
        var store = new CheckpointStore(ring.Contexts, TimeProvider.System);
        foreach (var id in await db.Checkpoints.Where(row => row.Complete).Select(row => row.Id).ToListAsync(cancellationToken))
        {
            await store.CopyToAsync(id, Stream.Null, cancellationToken);
        }
    }

    /// <summary>Messages ready and unacknowledged; an error queue has to be empty like any other.</summary>
    private static async Task AssertQueuesDrainedAsync(FaultRing ring)
    {
        var stuck = "";
        await Eventually.GetAsync(
            "broker without messages that wait",
            async () =>
            {
                var queues = (await ring.Broker.AskAsync("queues")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                Assert.NotEmpty(queues);
                stuck = string.Join("; ", queues.Where(queue => !queue.StartsWith("0\t", StringComparison.Ordinal)));
                return stuck.Length == 0 ? queues : null;
            },
            RingWatch.Patience,
            () => stuck + ring.Output);
    }
}
