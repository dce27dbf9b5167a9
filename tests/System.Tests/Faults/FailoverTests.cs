using MaeLab.Contracts;
using MaeLab.Testing;
using MaeLab.Testing.Nodes;

namespace MaeLab.System.Tests.Faults;

/// <summary>Servers of which there is another: one dies for good, the other goes on with what was confirmed.</summary>
public sealed class FailoverTests
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_unnoticed = s_lease / 2;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Promoted_standby_has_all_that_its_dead_primary_confirmed_and_every_run_completes_once()
    {
        await using var ring = await FaultRing.StartAsync(new(s_lease, HasStandby: true), Cancel);
        var (api, watch) = (new RingApi(ring, Cancel), new RingWatch(ring, Cancel));
        var reference = await api.SubmitAsync("without a fault");
        await watch.WaitUntilIdleAsync();

        // And back again: the second time the services' first server is a standby, which they must pass by.
        foreach (var (primary, standby) in new[] { (ring.Database, ring.Standby!), (ring.Standby!, ring.Database) })
        {
            await Replication.ConfirmByStandbyAsync(primary, Cancel);
            await api.SubmitAsync($"runs that lose {primary.Port}");
            await watch.WaitForAsync(Moment.CheckpointStored, times: 4);
            Assert.False(await watch.IsIdleAsync());

            await primary.KillAsync();
            // No wait for something to happen: for so long nobody notices that there is a server to promote.
            await Task.Delay(s_unnoticed, Cancel);
            await standby.PromoteAsync();
            await watch.WaitUntilIdleAsync();
            await primary.FollowAsync(standby);
        }

        await Leftovers.AssertNoneAsync(ring, watch, Cancel);
        await RunRecord.AssertAllLikeAsync(reference, ring, api, Cancel);
    }

    [Fact]
    public async Task Cluster_goes_on_without_the_node_that_leads_the_commands_and_every_run_completes_once()
    {
        await using var ring = await FaultRing.StartAsync(new(s_lease, Brokers: 3), Cancel);
        var (api, watch) = (new RingApi(ring, Cancel), new RingWatch(ring, Cancel));
        var reference = await api.SubmitAsync("without a fault");
        await watch.WaitUntilIdleAsync();

        var survivor = ring.Brokers[0];
        for (var death = 1; death <= 2; death++)
        {
            var leader = await LeaderOfCommandsAsync(ring, survivor);
            survivor = ring.Brokers.First(node => node != leader);
            await api.SubmitAsync($"runs that lose {leader.Port}");
            await watch.WaitForAsync(Moment.CheckpointStored, times: 2);
            Assert.False(await watch.IsIdleAsync());

            await leader.KillAsync();
            await api.SubmitAsync($"submitted without {leader.Port}");
            await BothRunnersAreHeardAsync(ring, watch);
            await watch.WaitUntilIdleAsync();
            await leader.StartAsync();
        }

        await Leftovers.AssertNoneAsync(ring, watch, Cancel);
        await RunRecord.AssertAllLikeAsync(reference, ring, api, Cancel);
    }

    /// <summary>What a runner says of a run under way reaches the scheduler. That it has ended would be found in the database, too.</summary>
    private static Task<FaultRing> BothRunnersAreHeardAsync(FaultRing ring, RingWatch watch) => Eventually.GetAsync(
        "fact of each of two runners",
        async () =>
        {
            Assert.False(await watch.IsIdleAsync(), $"All runs have ended without a word of both runners.{ring.Output}");
            return await watch.ReadAsync("SELECT count(DISTINCT runner_id) FROM runs WHERE state = 'Running' AND step > 0") == "2" ? ring : null;
        },
        RingWatch.Patience,
        () => ring.Output);

    /// <summary>The queue that nothing may be lost of: led by one node, with a member on each.</summary>
    private static async Task<ServerNode> LeaderOfCommandsAsync(FaultRing ring, ServerNode asked)
    {
        var queues = (await asked.AskAsync("leaders")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'));
        var commands = Assert.Single(queues, queue => queue[2] == QueueNames.SchedulerCommands);
        Assert.All(ring.Brokers, node => Assert.Contains($"maelab{node.Port}@", commands[1], StringComparison.Ordinal));
        return Assert.Single(ring.Brokers, node => $"{node.Port}" == commands[0]);
    }
}
