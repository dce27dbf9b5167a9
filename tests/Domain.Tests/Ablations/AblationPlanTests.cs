using System.Diagnostics;
using System.Text.Json.Nodes;
using MaeLab.Domain.Ablations;

namespace MaeLab.Domain.Tests.Ablations;

public sealed class AblationPlanTests
{
    [Fact]
    public void Grid_makes_every_combination_and_repeats_it_for_every_seed()
    {
        var plan = Plan("""{"name": "a", "axes": {"maskRatio": [0.5, 0.75, 0.9], "patchSize": [4, 7], "seed": [3, 1]}}""");

        Assert.Equal(["maskRatio", "patchSize"], plan.Axes.Select(axis => axis.Field));
        Assert.Equal([3, 1], plan.Seeds);
        Assert.Equal(
            ["0.5/4", "0.5/7", "0.75/4", "0.75/7", "0.9/4", "0.9/7"],
            plan.Cells.Select(cell => string.Join('/', cell.Levels.Select(level => level.Value))));
        Assert.Equal(Enumerable.Range(0, 12), plan.Runs.Select(run => run.Index));
        var last = plan.Runs[11];
        Assert.Equal((0.9, 7, 1), (last.Recipe.MaskRatio, last.Recipe.PatchSize, last.Recipe.Seed));
        Assert.Equal(plan.Cells[5], last.Cell);
    }

    [Fact]
    public void Star_changes_one_factor_at_a_time_around_the_baseline()
    {
        var plan = Plan("""{"name": "a", "design": "star", "axes": {"maskRatio": [0.5, 0.75, 0.9], "decoder.depth": [1, 2, 4], "seed": [0, 1]}}""");

        Assert.Equal(
            ["0.75/1", "0.5/1", "0.9/1", "0.75/2", "0.75/4"],
            plan.Cells.Select(cell => string.Join('/', cell.Levels.Select(level => level.Value))));
        Assert.Equal([0], plan.Cells.Where(cell => cell.IsBaseline).Select(cell => cell.Index));
        Assert.Equal(10, plan.Runs.Count);
    }

    [Fact]
    public void Experiment_without_axes_is_one_run_of_the_base_recipe()
    {
        var plan = Plan("""{"name": "a", "base": {"seed": 5}}""");

        var run = Assert.Single(plan.Runs);
        Assert.Equal(Some.Recipe with { Seed = 5 }, run.Recipe);
        Assert.True(Assert.Single(plan.Cells).IsBaseline);
        Assert.Empty(plan.Cells[0].Levels);
    }

    [Fact]
    public void Any_recipe_field_can_be_an_axis()
    {
        var plan = Plan(
            """{"name": "a", "axes": {"dataset.name": ["mnist", "cifar10"], "maskSampler": ["random", "block"], "clipNorm": [null, 1], "evaluation.linearProbe": [true, false]}, "base": {"imageSize": 32}}""");

        Assert.Equal(16, plan.Runs.Count);
        Assert.Equal(["\"cifar10\"", "\"block\"", "1", "false"], plan.Cells[15].Levels.Select(level => level.Value));
        Assert.Equal("cifar10", plan.Runs[15].Recipe.Dataset.Name);
        Assert.Null(plan.Runs[0].Recipe.ClipNorm);
    }

    [Theory]
    [InlineData("""{"maskRatio": 0.9}""", "0.9/4")]
    [InlineData("""{"maskRatio": 0.50, "patchSize": 7}""", "0.5/7")]
    public void Baseline_given_is_taken_and_the_rest_is_the_base_recipes(string baseline, string cell)
    {
        var plan = Plan($$"""{"name": "a", "axes": {"maskRatio": [0.5, 0.75, 0.9], "patchSize": [7, 4]}, "baseline": {{baseline}}}""");

        Assert.Equal(cell, string.Join('/', plan.Cells.Single(c => c.IsBaseline).Levels.Select(level => level.Value)));
    }

    [Fact]
    public void Default_baseline_takes_the_first_level_where_the_base_recipes_is_none()
    {
        var plan = Plan("""{"name": "a", "axes": {"maskRatio": [0.5, 0.6], "patchSize": [7, 4]}}""");

        Assert.Equal(["0.5", "4"], plan.Cells.Single(cell => cell.IsBaseline).Levels.Select(level => level.Value));
    }

    [Fact]
    public void Base_value_of_a_field_with_an_axis_does_not_matter() =>
        Assert.Equal(2, Plan("""{"name": "a", "base": {"imageSize": 30, "patchSize": 4}, "axes": {"patchSize": [5, 6]}}""").Runs.Count);

    [Fact]
    public void Same_definition_gives_the_same_run_ids()
    {
        const string Json = """{"name": "a", "axes": {"maskRatio": [0.5, 0.75], "seed": [0, 1]}}""";
        var experiment = Guid.CreateVersion7();

        var ids = Plan(Json).Runs.Select(run => run.IdIn(experiment)).ToList();

        Assert.Equal(ids, Plan(Json).Runs.Select(run => run.IdIn(experiment)));
        Assert.Distinct(ids);
        Assert.All(ids, id => Assert.Equal(7, id.Version));
    }

    [Fact]
    public void Definition_made_in_code_plans_like_the_parsed_one()
    {
        var plan = AblationPlan.Create(
            new() { Name = "a", Axes = new JsonObject { ["maskRatio"] = new JsonArray(0.5, 0.75), ["seed"] = new JsonArray(0, 1) } }, Some.Datasets);

        Assert.Equal(4, plan.Value!.Runs.Count);
    }

    [Fact]
    public void Ten_thousand_runs_are_allowed_and_expand_fast()
    {
        var levels = string.Join(", ", Enumerable.Range(0, 1000));
        Assert.Equal(10_000, Plan($$"""{"name": "a", "axes": {"seed": [{{levels}}], "epochs": [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]} }""").Runs.Count);

        // Warm by now. 100 cells x 10 seeds; the goal is 50 ms, a busy machine gets ten times that.
        var watch = Stopwatch.StartNew();
        var plan = Plan(
            """
            {"name": "a", "axes": {"epochs": [10, 11, 12, 13, 14, 15, 16, 17, 18, 19], "seed": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
             "maskRatio": [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55]}}
            """);

        Assert.Equal(1000, plan.Runs.Count);
        Assert.InRange(watch.ElapsedMilliseconds, 0, 500);
    }

    private static AblationPlan Plan(string json)
    {
        var plan = AblationPlan.Parse(json, Some.Datasets);
        Assert.Empty(plan.Errors);
        return plan.Value!;
    }
}
