using MaeLab.Domain.Metrics;
using MaeLab.Web.Features.Run;

namespace MaeLab.Web.Tests.Features;

public sealed class RunLedgerTests
{
    [Fact]
    public void Run_without_points_has_none() => Assert.Null(RunLedger.Of([Attempt(isOver: false, null)]));

    [Fact]
    public void All_stored_is_said_only_where_it_is_so()
    {
        Assert.Equal("All 12,345 points that were logged are stored.", Words(Attempt(isOver: true, new(12_345, 12_345, 0))));
        Assert.Equal("12,000 of 12,345 points that were logged are stored. 345 wait in the runner's spool.", Words(Attempt(isOver: false, new(12_345, 12_000, 0))));
        Assert.Equal(
            "12,000 of 12,345 points that were logged are stored. 345 were dropped: the database was away for longer than the runner had room for.",
            Words(Attempt(isOver: true, new(12_345, 12_000, 345))));
    }

    [Fact]
    public void Attempts_add_up_and_what_a_lost_one_had_under_way_is_lost()
    {
        AttemptSummary[] attempts = [Attempt(isOver: false, new(50, 30, 5)), Attempt(isOver: true, new(100, 90, 3)), Attempt(isOver: true, null)];

        var ledger = RunLedger.Of(attempts)!;

        Assert.Equal(new RunLedger(Produced: 150, Stored: 120, Spooled: 15, Dropped: 8, Lost: 7), ledger);
        Assert.Equal(ledger.Produced, ledger.Stored + ledger.Spooled + ledger.Dropped + ledger.Lost);
        Assert.EndsWith("7 were lost with their runner; the attempt after it makes them again.", ledger.ToString(), StringComparison.Ordinal);
    }

    private static string Words(params AttemptSummary[] attempts) => RunLedger.Of(attempts)!.ToString();

    private static AttemptSummary Attempt(bool isOver, PointLedger? points) => new(
        1, Guid.Empty, null, DateTimeOffset.UnixEpoch, null, isOver ? DateTimeOffset.UnixEpoch : null, 0, null, null, null, points);
}
