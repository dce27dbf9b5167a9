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
}
