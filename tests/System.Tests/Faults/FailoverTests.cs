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
}
