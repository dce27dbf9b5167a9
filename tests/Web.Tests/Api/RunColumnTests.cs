using System.Net;
using System.Text.Json.Nodes;
using MaeLab.Domain.Runs;

namespace MaeLab.Web.Tests.Api;

/// <summary>Any field of the recipe and any metric is a filter, an order and a column of the list.</summary>
public abstract class RunColumnTests(ApiHost host)
{
    private const string Axes = """{"decoder.depth":[1,2,8],"maskSampler":["random","grid"],"clipNorm":[null,3],"evaluation.linearProbe":[true,false],"seed":[0]}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("level=decoder.depth:8", 8)]
    [InlineData("level=decoder.depth:8&level=maskSampler:grid", 4)]
    [InlineData("level=clipNorm:none", 12)]
    [InlineData("level=clipNorm:3", 12)]
    [InlineData("level=evaluation.linearProbe:false&level=decoder.depth:1", 4)]
    [InlineData("level=evaluation.linearProbe:true", 12)]
    [InlineData("level=maskRatio:0.75", 24)]
    [InlineData("level=dataset.name:fashion-mnist-sample", 24)]
    [InlineData("level=dataset.name:mnist", 0)]
    [InlineData("level=baseLearningRate:1e-3", 24)]
    public async Task Runs_are_filtered_by_levels_of_any_field(string filter, int count)
    {
        var (experiment, _) = await AddAsync();

        Assert.Equal(count, (await ItemsAsync($"experiment={experiment}&{filter}")).Count);
    }

    [Theory]
    [InlineData("decoder.depth")]
    [InlineData("-decoder.depth")]
    [InlineData("maskSampler")]
    [InlineData("-clipNorm")]
    [InlineData("evaluation.linearProbe")]
    [InlineData("experiment")]
    [InlineData("-state")]
    [InlineData("progress")]
    [InlineData("-imagesPerSecond")]
    [InlineData("-attempt")]
    [InlineData("priority")]
    [InlineData("-best:train/loss")]
    [InlineData("last:train/learning_rate")]
    [InlineData("-linearAccuracy")]
    public async Task Every_order_pages_through_all_runs_once_and_in_order(string sort)
    {
        var (experiment, runs) = await AddAsync();
        var columns = sort.TrimStart('-') is "experiment" or "state" or "progress" or "imagesPerSecond" or "attempt" or "priority" or "linearAccuracy" ? "" : sort.TrimStart('-');
        var seen = new List<JsonNode>();
        string? cursor = null;
        do
        {
            var page = await host.GetAsync($"api/v1/runs?experiment={experiment}&sort={sort}&columns={columns}&limit=7&cursor={cursor}");
            seen.AddRange(page["items"]!.AsArray().Select(run => run!));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);

        Assert.Equal(runs.Order(), seen.Select(run => (Guid)run["id"]!).Order());
        // Runs without a value stand last in either direction.
        var values = seen.Select(run => columns.Length > 0 ? run["columns"]![columns] : run[sort.TrimStart('-')]).Where(value => value is JsonValue).Select(value => value!.ToJsonString()).ToList();
        var ordered = values.OrderBy(value => double.TryParse(value, out var number) ? number : 0).ThenBy(value => value, StringComparer.Ordinal).ToList();
        if (sort is not ("-state" or "experiment"))
        {
            Assert.Equal(sort[0] == '-' ? Enumerable.Reverse(ordered) : ordered, values);
        }
    }

    [Fact]
    public async Task Columns_that_are_asked_for_are_told_with_every_run()
    {
        var (experiment, _) = await host.Samples.AddAsync(index => index == 0 ? RunState.Completed : RunState.Queued, Cancel, """{"name":"columns","axes":{"seed":[0,1]}}""");

        var items = await ItemsAsync($"experiment={experiment}&sort=seed&columns=encoder.width,clipNorm,last:train/loss,best:train/loss,at:10:train/loss");
        var (trained, waiting) = (items[0]!["columns"]!, items[1]!["columns"]!);

        Assert.Equal(64, (int)trained["encoder.width"]!);
        Assert.True(trained.AsObject().ContainsKey("clipNorm"));
        Assert.InRange((double)trained["best:train/loss"]!, 0, (double)trained["last:train/loss"]!);
        Assert.True((double)trained["at:10:train/loss"]! > (double)trained["last:train/loss"]!);
        Assert.Equal(64, (int)waiting["encoder.width"]!);
        Assert.Null(waiting["at:10:train/loss"]);
        Assert.Null(waiting["last:train/loss"]);
    }

    [Fact]
    public async Task Tags_and_archive_are_filters_and_archived_runs_are_hidden_until_asked_for()
    {
        var (experiment, runs) = await host.Samples.AddAsync(_ => RunState.Completed, Cancel, """{"name":"tagged","axes":{"seed":[0,1,2]}}""");
        await PatchAsync(runs[0], """{"tags":["paper","a:b"]}""");
        await PatchAsync(runs[1], """{"tags":["paper"],"archived":true,"note":"*odd*"}""");

        Assert.Equal([runs[0], runs[2]], (await IdsAsync($"experiment={experiment}&sort=seed")));
        Assert.Equal([runs[1]], await IdsAsync($"experiment={experiment}&archived=only"));
        Assert.Equal(runs, await IdsAsync($"experiment={experiment}&archived=shown&sort=seed"));
        Assert.Equal([runs[0], runs[1]], await IdsAsync($"experiment={experiment}&tag=paper&archived=shown&sort=seed"));
        Assert.Equal([runs[0]], await IdsAsync($"experiment={experiment}&tag=paper&tag=a:b"));
        Assert.Empty(await IdsAsync($"experiment={experiment}&tag=pap"));
        var told = await host.GetAsync($"api/v1/runs/{runs[1]}");
        Assert.Equal(("*odd*", true, """["paper"]"""), ((string)told["note"]!, (bool)told["archived"]!, told["tags"]!.ToJsonString()));
    }

    private async Task PatchAsync(Guid run, string body)
    {
        using var response = await host.Http.PatchAsync($"api/v1/runs/{run}/annotation", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancel);
        await ApiHost.ReadAsync(response, HttpStatusCode.OK);
    }

    private async Task<List<Guid>> IdsAsync(string query) => [.. (await ItemsAsync(query)).Select(run => (Guid)run!["id"]!)];

    private async Task<JsonArray> ItemsAsync(string query) => (await host.GetAsync($"api/v1/runs?{query}"))["items"]!.AsArray();

    private Task<(Guid Id, IReadOnlyList<Guid> RunIds)> AddAsync() => host.Samples.AddAsync(
        index => (index % 3) switch { 0 => RunState.Completed, 1 => RunState.Failed, _ => RunState.Queued }, Cancel, $$"""{"name":"columns {{Guid.NewGuid():n}}","axes":{{Axes}}}""");
}

public sealed class SqliteRunColumnTests(SqliteApiHost host) : RunColumnTests(host), IClassFixture<SqliteApiHost>;

public sealed class PostgresRunColumnTests(PostgresApiHost host) : RunColumnTests(host), IClassFixture<PostgresApiHost>;
