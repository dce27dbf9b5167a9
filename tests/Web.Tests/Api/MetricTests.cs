using System.Text.Json.Nodes;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Metrics;

namespace MaeLab.Web.Tests.Api;

public sealed class MetricTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
    private const string Name = "train/known";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Few_points_come_as_they_are()
    {
        var run = await AddRunAsync(Enumerable.Range(1, 5).Select(step => new MetricPoint(Name, step, step * 0.5)));

        var series = await ReadAsync(run, $"names={Name}");

        Assert.Equal("[1,2,3,4,5]", series["x"]!.ToJsonString());
        Assert.All(["min", "max", "last"], list => Assert.Equal("[0.5,1,1.5,2,2.5]", series[list]!.ToJsonString()));
        Assert.True((bool)series["exact"]!);
        Assert.Equal(5, (long)series["count"]!);
    }

    [Fact]
    public async Task Many_points_keep_their_spikes()
    {
        var run = await AddRunAsync(Enumerable.Range(1, 5000).Select(step => new MetricPoint(Name, step, step == 1234 ? 1e6 : 1)));

        var series = await ReadAsync(run, $"names={Name}&points=100");

        Assert.Equal(100, series["x"]!.AsArray().Count);
        Assert.Contains(1e6, series["max"]!.AsArray().Select(max => (double)max!));
        Assert.All(series["min"]!.AsArray(), min => Assert.Equal(1, (double)min!));
        Assert.False((bool)series["exact"]!);
        Assert.Equal(5000, (long)series["count"]!);
    }

    [Fact]
    public async Task Stretch_is_cut_out_and_another_series_serves_as_x()
    {
        var run = await AddRunAsync(Enumerable.Range(1, 10).SelectMany(step =>
            new MetricPoint[] { new(Name, step, step), new("progress/epoch", step, step / 10.0) }));

        var stretch = await ReadAsync(run, $"names={Name}&from=3&to=5");
        var overEpochs = await ReadAsync(run, $"names={Name}&x=progress/epoch&from=0.85");

        Assert.Equal("[3,4,5]", stretch["x"]!.ToJsonString());
        Assert.Equal("[0.9,1]", overEpochs["x"]!.ToJsonString());
        Assert.Equal("[9,10]", overEpochs["last"]!.ToJsonString());
    }

    [Fact]
    public async Task Values_that_are_not_finite_are_null()
    {
        var run = await AddRunAsync([new(Name, 1, 1), new(Name, 2, double.NaN), new(Name, 3, double.PositiveInfinity)]);

        var series = await ReadAsync(run, $"names={Name}");

        Assert.Equal("[1,null,null]", series["last"]!.ToJsonString());
        Assert.Equal(3, (long)series["count"]!);
    }

    [Fact]
    public async Task All_series_come_when_none_is_named_and_a_missing_one_is_empty()
    {
        var run = await AddRunAsync([new("b/two", 1, 2), new("a/one", 1, 1)]);

        var all = (await host.GetAsync($"api/v1/runs/{run}/metrics"))["series"]!.AsArray();
        var missing = await ReadAsync(run, "names=c/three");

        Assert.Equal(["a/one", "b/two"], all.Select(series => (string)series!["name"]!));
        Assert.Equal("""{"name":"c/three","x":[],"min":[],"max":[],"last":[],"exact":true,"count":0}""", missing.ToJsonString());
    }

    private async Task<Guid> AddRunAsync(IEnumerable<MetricPoint> points)
    {
        // Assigned: it has its first attempt and nothing in it yet.
        var (_, runs) = await host.Samples.AddAsync(_ => RunState.Assigned, Cancel, """{"name":"one run"}""");
        var writer = await MetricWriter.OpenAsync(host.Database.Contexts, runs[0], attempt: 1, restoreStep: 0, Cancel);
        writer.Add(points);
        await writer.FlushAsync(Cancel);
        return runs[0];
    }

    private async Task<JsonNode> ReadAsync(Guid run, string query) =>
        Assert.Single((await host.GetAsync($"api/v1/runs/{run}/metrics?{query}"))["series"]!.AsArray())!;
}
