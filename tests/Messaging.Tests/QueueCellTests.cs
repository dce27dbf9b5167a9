using System.Text.Json.Nodes;
using MaeLab.Contracts.Commands;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Testing;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Messaging.Tests;

/// <summary>A combination that a star left out is run with one command, as if it had been submitted with the others.</summary>
public abstract class QueueCellTests(ITestDatabases databases)
{
    private static readonly Dictionary<string, string> s_corner = new() { ["maskRatio"] = "0.5", ["patchSize"] = "7" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cell_off_the_arms_of_a_star_is_run_with_every_seed_and_only_once()
    {
        await using var lab = await StartAsync();
        var experiment = await SubmitStarAsync(lab);

        await lab.PublishAsync(new QueueCell(experiment, s_corner, "tester"));
        await lab.WaitForAllAsync("completed with the cell", experiment, run => run.State == RunState.Completed);
        await Eventually.GetAsync("eight runs", async () => (await lab.RunsAsync(experiment)).Count == 8 ? "eight" : null);
        await lab.PublishAsync(new QueueCell(experiment, s_corner, "tester"));
        await AnotherCommandWasTakenAsync(lab, experiment);

        var runs = await lab.RunsAsync(experiment);
        Assert.Equal(Enumerable.Range(0, 8), runs.Select(run => run.Index));
        var added = runs[6..];
        Assert.Equal([(3, 5L), (3, 6L)], added.Select(run => (run.CellIndex, run.Seed)));
        Assert.All(added, run =>
        {
            Assert.False(run.IsBaseline);
            Assert.Equal((0.5, 7), (run.MaskRatio, run.PatchSize));
            var recipe = RecipeJson.Read(run.Recipe);
            Assert.Equal((0.5, 7, run.Seed, 2), (recipe.MaskRatio, recipe.PatchSize, recipe.Seed, recipe.Decoder.Depth));
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"maskRatio":0.5,"patchSize":7}"""), JsonNode.Parse(run.Levels)));
        });
        await using var db = lab.Database.Open();
        Assert.Equal(8, (await db.Experiments.SingleAsync(row => row.Id == experiment, Token)).RunCount);
    }

    [Fact]
    public async Task Many_requests_at_once_give_every_cell_its_runs_once()
    {
        await using var lab = await StartAsync();
        var experiment = await SubmitAsync(lab, """{"maskRatio": [0.75, 0.5, 0.9], "patchSize": [4, 7, 2], "seed": [5, 6]}""");
        var corners = new[] { "0.5", "0.9" }.SelectMany(ratio => new[] { "7", "2" }.Select(patch => new Dictionary<string, string> { ["maskRatio"] = ratio, ["patchSize"] = patch }));

        await Task.WhenAll(corners.SelectMany(corner => Enumerable.Repeat(corner, 3)).Select(corner => lab.PublishAsync(new QueueCell(experiment, corner, "tester"))));

        await Eventually.GetAsync("all nine cells", async () => (await lab.RunsAsync(experiment)).Count == 18 ? "eighteen" : null);
        await AnotherCommandWasTakenAsync(lab, experiment);
        var runs = await lab.RunsAsync(experiment);
        Assert.Equal(Enumerable.Range(0, 18), runs.Select(run => run.Index));
        Assert.All(runs.GroupBy(run => run.Levels), cell => Assert.Equal([5L, 6L], cell.Select(run => run.Seed)));
        Assert.Equal(9, runs.Select(run => run.CellIndex).Distinct().Count());
    }

    [Fact]
    public async Task Seed_whose_run_was_deleted_is_queued_anew_in_its_cell_and_the_deleted_run_can_still_be_had_back()
    {
        await using var lab = await StartAsync();
        var experiment = await SubmitStarAsync(lab);
        await lab.WaitForAllAsync("completed", experiment, run => run.State == RunState.Completed);
        var baseline = (await lab.RunsAsync(experiment))[..2];
        Dictionary<string, string> cell = new() { ["maskRatio"] = "0.75", ["patchSize"] = "4" };

        await lab.ChangeAsync(new DeleteRuns([baseline[1].Id], "tester"));
        await Task.WhenAll(Enumerable.Repeat(cell, 3).Select(same => lab.PublishAsync(new QueueCell(experiment, same, "tester"))));
        await lab.WaitForRunAsync("queued anew and completed", experiment, run => run is { Index: 6, State: RunState.Completed });
        await AnotherCommandWasTakenAsync(lab, experiment);

        var runs = await lab.RunsAsync(experiment);
        Assert.Equal([0, 2, 3, 4, 5, 6], runs.Select(run => run.Index));
        Assert.Equal((baseline[1].CellIndex, baseline[1].Seed, true, baseline[1].Recipe), (runs[5].CellIndex, runs[5].Seed, runs[5].IsBaseline, runs[5].Recipe));
        await lab.ChangeAsync(new RestoreRuns([baseline[1].Id], "tester"));
        Assert.Equal(Enumerable.Range(0, 7), (await lab.RunsAsync(experiment)).Select(run => run.Index));
    }

    [Fact]
    public async Task Baseline_that_was_removed_for_good_is_the_baseline_again_under_numbers_that_no_run_has_had()
    {
        await using var lab = await StartAsync(("Scheduler:KeepDeleted", "00:00:00"), ("Scheduler:RemoveEvery", "00:00:00.1"));
        var experiment = await SubmitStarAsync(lab);
        await lab.WaitForAllAsync("completed", experiment, run => run.State == RunState.Completed);
        await lab.PublishAsync(new DeleteRuns([.. (await lab.RunsAsync(experiment)).Select(run => run.Id)], "tester"));
        await Eventually.GetAsync("removal", async () =>
        {
            await using var db = lab.Database.Open();
            return await db.Runs.IgnoreQueryFilters().AnyAsync(run => run.ExperimentId == experiment, Token) ? null : "removed";
        });

        await lab.PublishAsync(new QueueCell(experiment, new Dictionary<string, string> { ["maskRatio"] = "0.75", ["patchSize"] = "4" }, "tester"));

        await lab.WaitForRunAsync("queued anew", experiment, _ => true);
        Assert.Equal([(6, 5L, true), (7, 6L, true)], (await lab.RunsAsync(experiment)).Select(run => (run.Index, run.Seed, run.IsBaseline)));
    }

    [Theory]
    [InlineData("""{"maskRatio":"0.5"}""")]
    [InlineData("""{"maskRatio":"0.51","patchSize":"7"}""")]
    [InlineData("""{"maskRatio":"0.5","patchSize":"seven"}""")]
    public async Task What_is_no_cell_of_the_experiment_queues_nothing(string levels)
    {
        await using var lab = await StartAsync();
        var experiment = await SubmitStarAsync(lab);

        await lab.PublishAsync(new QueueCell(experiment, JsonNode.Parse(levels)!.AsObject().ToDictionary(level => level.Key, level => (string)level.Value!), "tester"));
        await lab.PublishAsync(new QueueCell(Guid.NewGuid(), s_corner, "tester"));
        await AnotherCommandWasTakenAsync(lab, experiment);

        Assert.Equal(6, (await lab.RunsAsync(experiment)).Count);
    }

    private static string Definition(string axes)
    {
        var definition = JsonNode.Parse(Lab.Definition(axes: axes))!;
        definition["design"] = "star";
        definition["base"] = JsonNode.Parse("""{"decoder": {"depth": 2}}""");
        return definition.ToJsonString();
    }

    private static Task<Guid> SubmitStarAsync(Lab lab) => SubmitAsync(lab, """{"maskRatio": [0.75, 0.5], "patchSize": [4, 7], "seed": [5, 6]}""");

    private static async Task<Guid> SubmitAsync(Lab lab, string axes)
    {
        var experiment = await lab.SubmitAsync(Definition(axes));
        await Eventually.GetAsync("experiment", async () => (await lab.RunsAsync(experiment)).Count > 0 ? "stored" : null);
        return experiment;
    }

    private static Task AnotherCommandWasTakenAsync(Lab lab, Guid experiment) => lab.ChangeAsync(new ChangeExperiment(experiment, null, 2, "tester"));

    private async Task<Lab> StartAsync(params (string Key, string Value)[] settings)
    {
        var lab = new Lab(await databases.CreateDatabaseAsync(Token), broker: null);
        foreach (var (key, value) in settings)
        {
            lab.Settings[key] = value;
        }

        await lab.StartAsync(new FakeEngine());
        return lab;
    }
}

public sealed class QueueCellOnPostgres(PostgresServer databases) : QueueCellTests(databases);

public sealed class QueueCellOnSqlite(SqliteFiles databases) : QueueCellTests(databases);
