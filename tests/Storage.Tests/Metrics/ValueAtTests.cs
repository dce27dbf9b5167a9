using MaeLab.Domain.Metrics;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Databases;

namespace MaeLab.Storage.Tests.Metrics;

/// <summary>What series had come to by some moment of the training.</summary>
public abstract class ValueAtTests(ITestDatabases databases) : DatabaseTests(databases)
{
    private const string Loss = SeriesNames.TrainLoss;
    private const string Tokens = SeriesNames.VisibleTokens;

    private MetricReader Reader => new(Database.Contexts);

    [Theory]
    [InlineData(4, null)]
    [InlineData(5, 5.0)]
    [InlineData(1499, 1495.0)]
    [InlineData(1500, 1500.0)]
    [InlineData(9999, 5000.0)]
    public async Task Value_is_the_last_one_at_or_before_the_step(long step, double? expected)
    {
        // A thousand points in four chunks.
        await WriteAsync(Run, 1, 0, Enumerable.Range(1, 1000).Select(i => new MetricPoint(Loss, 5 * i, 5 * i)));

        var values = await Reader.ReadValuesAsync(Loss, new Dictionary<Guid, long> { [Run] = step }, Token);

        Assert.Equal(expected, values.TryGetValue(Run, out var value) ? value : null);
    }

    [Fact]
    public async Task Each_run_has_a_step_of_its_own_and_those_without_the_series_are_left_out()
    {
        var (other, silent) = (await Database.AddRunAsync(Token), await Database.AddRunAsync(Token));
        await WriteAsync(Run, 1, 0, [new(Loss, 10, 1), new(Loss, 20, 2)]);
        await WriteAsync(other, 1, 0, [new(Loss, 10, 3), new(Loss, 20, 4)]);

        var values = await Reader.ReadValuesAsync(Loss, new Dictionary<Guid, long> { [Run] = 19, [other] = 20, [silent] = 20 }, Token);

        Assert.Equal(new Dictionary<Guid, double> { [Run] = 1, [other] = 4 }, values);
    }

    [Fact]
    public async Task What_a_later_attempt_wrote_anew_counts_instead()
    {
        await WriteAsync(Run, 1, 0, Enumerable.Range(1, 100).Select(i => new MetricPoint(Loss, i, 1)));
        await Database.BeginAttemptAsync(Run, 2, restoreStep: 60, Token);
        await WriteAsync(Run, 2, 60, Enumerable.Range(61, 10).Select(i => new MetricPoint(Loss, i, 2)));

        async Task<double> At(long step) => (await Reader.ReadValuesAsync(Loss, new Dictionary<Guid, long> { [Run] = step }, Token))[Run];

        Assert.Equal((1, 2, 2), (await At(60), await At(61), await At(90)));
    }

    [Theory]
    [InlineData(99, null)]
    [InlineData(100, 1L)]
    [InlineData(35_099, 350L)]
    [InlineData(35_100, 351L)]
    [InlineData(1e9, 600L)]
    public async Task Step_is_the_last_one_within_the_limit(double limit, long? expected)
    {
        await WriteAsync(Run, 1, 0, Enumerable.Range(1, 600).Select(i => new MetricPoint(Tokens, i, 100.0 * i)));

        var steps = await Reader.ReadStepsAsync(Tokens, [Run], limit, Token);

        Assert.Equal(expected, steps.TryGetValue(Run, out var step) ? step : null);
    }
}

public sealed class ValueAtOnPostgres(PostgresServer server) : ValueAtTests(server);

public sealed class ValueAtOnSqlite(SqliteFiles files) : ValueAtTests(files);
