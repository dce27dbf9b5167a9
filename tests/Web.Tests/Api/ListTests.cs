using System.Net;
using MaeLab.Domain.Runs;

namespace MaeLab.Web.Tests.Api;

public abstract class ListTests(ApiHost host)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("created")]
    [InlineData("maskRatio")]
    [InlineData("-patchSize")]
    [InlineData("seed")]
    [InlineData("-linearAccuracy")]
    public async Task Runs_are_paged_without_gaps_or_repeats_while_others_come(string sort)
    {
        var name = $"paged {Guid.NewGuid():n}";
        // Half of them have a probe result, so that the order by it has ties.
        var first = await AddAsync(name);
        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await host.GetAsync($"api/v1/runs?q={name}&sort={sort}&limit=5&cursor={cursor}");
            seen.AddRange(page["items"]!.AsArray().Select(run => (Guid)run!["id"]!));
            cursor = (string?)page["nextCursor"];
            if (seen.Count == 5)
            {
                await AddAsync(name);
            }
        }
        while (cursor is not null);

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(first.Except(seen));

        Task<IReadOnlyList<Guid>> AddAsync(string experiment) => AddExperimentAsync(
            $$$"""{"name":"{{{experiment}}}","axes":{"maskRatio":[0.5,0.75],"patchSize":[4,7],"seed":[0,1,2]}}""",
            index => index % 2 == 0 ? RunState.Completed : RunState.Queued);
    }

    [Fact]
    public async Task Experiment_whose_seeds_are_written_as_fractions_is_there()
    {
        var name = $"fractions {Guid.NewGuid():n}";
        var runs = await AddExperimentAsync($$$"""{"name":"{{{name}}}","axes":{"seed":[4.0,5e0]}}""", _ => RunState.Queued);
        var run = await host.GetAsync($"api/v1/runs/{runs[0]}");

        var experiment = await host.GetAsync($"api/v1/experiments/{run["experimentId"]}");

        Assert.Equal((4, name), ((int)run["seed"]!, (string)experiment["name"]!));
    }

    [Theory]
    [InlineData("maskRatio", "maskRatio", false)]
    [InlineData("-patchSize", "patchSize", true)]
    [InlineData("linearAccuracy", "linearAccuracy", false)]
    [InlineData("-loss", "loss", true)]
    public async Task Runs_are_sorted_by_what_is_asked_for(string sort, string member, bool falling)
    {
        var name = $"sorted {Guid.NewGuid():n}";
        await AddExperimentAsync(
            $$$"""{"name":"{{{name}}}","axes":{"maskRatio":[0.5,0.9,0.75],"patchSize":[7,4]}}""", _ => RunState.Completed);

        var items = (await host.GetAsync($"api/v1/runs?q={name}&sort={sort}"))["items"]!.AsArray();

        var values = items.Select(run => (double)run![member]!).ToList();
        Assert.Equal(6, values.Count);
        Assert.Equal(falling ? values.OrderDescending() : values.Order(), values);
    }

    [Fact]
    public async Task Cursor_of_another_order_is_refused()
    {
        await host.Samples.AddAsync(_ => RunState.Queued, Cancel);
        var page = await host.GetAsync("api/v1/runs?sort=seed&limit=1");

        var problem = await host.GetProblemAsync($"api/v1/runs?sort=-seed&limit=1&cursor={page["nextCursor"]}", HttpStatusCode.BadRequest);

        Assert.StartsWith("This cursor belongs to another order", (string)problem["errors"]!["cursor"]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_are_filtered_by_experiment_state_and_id()
    {
        var (experiment, runs) = await host.Samples.AddAsync(
            index => index == 0 ? RunState.Failed : index == 1 ? RunState.Running : RunState.Queued, Cancel);

        var unfinished = (await host.GetAsync($"api/v1/runs?experiment={experiment}&state=running,failed&sort=created"))["items"]!.AsArray();
        var one = (await host.GetAsync($"api/v1/runs?q={runs[3]}"))["items"]!.AsArray();

        Assert.Equal(runs.Take(2).Order(), unfinished.Select(run => (Guid)run!["id"]!));
        Assert.Equal(["failed", "running"], unfinished.Select(run => (string)run!["state"]!).Order());
        Assert.Equal(runs[3], (Guid)Assert.Single(one)!["id"]!);
    }

    [Fact]
    public async Task Run_is_told_with_recipe_levels_state_reason_and_attempts()
    {
        var (_, runs) = await host.Samples.AddAsync(_ => RunState.Failed, Cancel);

        var run = await host.GetAsync($"api/v1/runs/{runs[0]}");

        Assert.Equal("failed", (string)run["state"]!);
        Assert.Equal("diverged", (string)run["reason"]!);
        Assert.Equal("""{"maskRatio":0.5,"patchSize":4}""", run["levels"]!.ToJsonString());
        Assert.Equal("normalizedPixels", (string)run["recipe"]!["target"]!);
        Assert.Equal(0.5, (double)run["recipe"]!["maskRatio"]!);
        Assert.Null(run["loss"]); // it was not a number
        Assert.InRange((double)run["progress"]!, 0.2, 0.3);
        var attempt = Assert.Single(run["attempts"]!.AsArray())!;
        Assert.Equal((1, "failed"), ((int)attempt["number"]!, (string)attempt["outcome"]!));
        var ledger = run["ledger"]!;
        Assert.InRange((long)ledger["produced"]!, 100, 100_000);
        Assert.Equal((long)ledger["produced"]!, (long)ledger["stored"]!);
        Assert.Equal((0, 0, 0), ((long)ledger["spooled"]!, (long)ledger["dropped"]!, (long)ledger["lost"]!));
        Assert.Equal((long)ledger["stored"]!, (long)attempt["points"]!["stored"]!);
    }

    [Fact]
    public async Task Experiments_are_paged_newest_first_with_axes_as_submitted_and_counts()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await host.Samples.AddAsync(
                index => index == 0 ? RunState.Completed : RunState.Queued, Cancel,
                """{"name":"listed","axes":{"maskSampler":["random","block"],"seed":[3,4]}}""", age: TimeSpan.FromSeconds(-i))).Id);
        }

        var page = await host.GetAsync("api/v1/experiments?limit=2");
        var next = await host.GetAsync($"api/v1/experiments?limit=1&cursor={page["nextCursor"]}");
        var single = await host.GetAsync($"api/v1/experiments/{ids[0]}");

        Assert.Equal([ids[2], ids[1]], page["items"]!.AsArray().Select(experiment => (Guid)experiment!["id"]!));
        Assert.Equal(ids[0], (Guid)Assert.Single(next["items"]!.AsArray())!["id"]!);
        Assert.Equal("""{"maskSampler":["random","block"],"seed":[3,4]}""", single["axes"]!.ToJsonString());
        Assert.Equal("listed", (string)single["definition"]!["name"]!);
        Assert.Equal((4, 1, 3), ((int)single["runCount"]!, (int)single["runs"]!["completed"]!, (int)single["runs"]!["queued"]!));
    }

    [Fact]
    public async Task Runners_are_told_with_what_they_have_in_hand()
    {
        var (_, runs) = await host.Samples.AddAsync(index => index == 0 ? RunState.Running : RunState.Queued, Cancel);
        await host.Samples.AddRunnerAsync("bench", Sample.SampleExperiment.Runner, TimeSpan.Zero, 84.2, Cancel);
        await host.Samples.AddRunnerAsync("gone", Guid.CreateVersion7(), TimeSpan.FromHours(1), null, Cancel);

        var runners = (await host.GetAsync("api/v1/runners"))["items"]!.AsArray();

        Assert.Equal(["bench", "gone"], runners.Select(runner => (string)runner!["name"]!));
        Assert.Equal([true, false], runners.Select(runner => (bool)runner!["online"]!));
        Assert.Equal("fashion-mnist-sample", (string)runners[0]!["datasets"]![0]!["name"]!);
        Assert.Contains(runs[0], runners[0]!["runs"]!.AsArray().Select(run => (Guid)run!["runId"]!));
    }

    private async Task<IReadOnlyList<Guid>> AddExperimentAsync(string definition, Func<int, RunState> stateOf) =>
        (await host.Samples.AddAsync(stateOf, Cancel, definition)).RunIds;
}

public sealed class SqliteListTests(SqliteApiHost host) : ListTests(host), IClassFixture<SqliteApiHost>;

public sealed class PostgresListTests(PostgresApiHost host) : ListTests(host), IClassFixture<PostgresApiHost>;
