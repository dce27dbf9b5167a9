using MaeLab.Domain.Metrics;

namespace MaeLab.Domain.Tests.Metrics;

public sealed class BucketGridTests
{
    [Fact]
    public void Log_grid_has_as_many_buckets_for_every_decade() =>
        Assert.Equal([0, 10, 20, 29], new[] { 1.0, 10, 100, 1000 }.Select(new BucketGrid(1, 1000, 30, log: true).IndexOf));

    [Fact]
    public void Log_grid_that_would_begin_at_zero_shows_six_decades()
    {
        var grid = new BucketGrid(0, 1e6, 6, log: true);

        Assert.Equal(1, grid.From, 1e-9);
        Assert.False(grid.Holds(0));
        Assert.Equal(3, grid.IndexOf(2e3));
    }

    [Fact]
    public void Steady_grid_holds_all_and_stays_while_the_end_moves_on_by_a_twentieth_but_seldom()
    {
        var grids = Enumerable.Range(10_000, 500).Select(to => BucketGrid.Steady(1, to, 600)).ToList();

        Assert.InRange(grids.Distinct().Count(), 1, 2);
        Assert.All(grids, grid => Assert.True(grid.Holds(1) && grid.Buckets == 600));
        Assert.All(grids.Index(), grid => Assert.InRange(grid.Item.To, 10_000 + grid.Index, 1.125 * (10_000 + grid.Index)));
        Assert.Equal(new BucketGrid(5, 5, 600), BucketGrid.Steady(5, 5, 600));
        Assert.Equal(new BucketGrid(1, 10, 600, log: true), BucketGrid.Steady(1, 10, 600, log: true));
    }
}
