using System.Text.Json.Nodes;
using MaeLab.Domain.Ablations;

namespace MaeLab.Domain.Tests.Ablations;

public sealed class AblationErrorTests
{
    [Theory]
    [InlineData("""{}""", "name", "The experiment needs a name.")]
    [InlineData("""{"name": "  "}""", "name", "The experiment needs a name.")]
    [InlineData("""{"name": 5}""", "name", "'name' must be a text.")]
    [InlineData("""{"name": "a", "colour": 1}""", "colour", "There is no field 'colour'. Known: name, description, tags, priority, weight, preset, base, axes, design, baseline.")]
    [InlineData("""{"name": "a", "priority": "high"}""", "priority", "'priority' must be a whole number.")]
    [InlineData("""{"name": "a", "priority": 5000}""", "priority", "Priority must be from -1000 to 1000, not 5000.")]
    [InlineData("""{"name": "a", "tags": "x"}""", "tags", "'tags' must be a list of texts.")]
    [InlineData("""{"name": "a", "tags": ["x", 1]}""", "tags[1]", "A tag must be a text.")]
    [InlineData("""{"name": "a", "tags": ["x", ""]}""", "tags[1]", "A tag must have from 1 to 50 characters.")]
    [InlineData("""{"name": "a", "design": "square"}""", "design", "'design' must be one of grid, star.")]
    [InlineData("""{"name": "a", "preset": "giga"}""", "preset", "There is no preset 'giga'. Known: nano, micro, tiny, base, large, huge.")]
    [InlineData("""{"name": "a", "base": 5}""", "base", "'base' must be an object.")]
    [InlineData("""{"name": "a", "base": {"patchSize": 5}}""", "base.patchSize", "Patch size 5 does not divide image size 28; these do: 1, 2, 4, 7, 14, 28.")]
    [InlineData("""{"name": "a", "base": {"patchSize": "x"}}""", "base.patchSize", "Patch size must be a whole number, not \"x\".")]
    [InlineData("""{"name": "a", "base": {"seed": -1}}""", "base.seed", "Seed must be from 0 to 9,007,199,254,740,991, not -1.")]
    [InlineData("""{"name": "a", "axes": [1]}""", "axes", "'axes' must be an object.")]
    [InlineData("""{"name": "a", "axes": {"colour": [1]}}""", "axes.colour", "There is no recipe field 'colour'. Known: *")]
    [InlineData("""{"name": "a", "axes": {"maskRatio": 0.5}}""", "axes.maskRatio", "'maskRatio' must be a list of levels, for example [0.25, 0.5].")]
    [InlineData("""{"name": "a", "axes": {"maskRatio": []}}""", "axes.maskRatio", "'maskRatio' has no levels; give at least one or leave the axis out.")]
    [InlineData("""{"name": "a", "axes": {"maskRatio": [0.5, 0.50]}}""", "axes.maskRatio[1]", "Mask ratio 0.5 is already level 1 of this axis; every level may stand once.")]
    [InlineData("""{"name": "a", "axes": {"seed": [1, 1.0]}}""", "axes.seed[1]", "Seed 1 is already level 1 of this axis; every level may stand once.")]
    [InlineData("""{"name": "a", "axes": {"seed": [0, -1]}}""", "axes.seed[1]", "Seed must be from 0 to 9,007,199,254,740,991, not -1.")]
    [InlineData("""{"name": "a", "axes": {"maskRatio": [0.5, "x"]}}""", "axes.maskRatio[1]", "Mask ratio must be a number, not \"x\".")]
    [InlineData("""{"name": "a", "axes": {"patchSize": [4, 5]}}""", "axes.patchSize[1]", "Patch size 5 does not divide image size 28; these do: 1, 2, 4, 7, 14, 28.")]
    [InlineData("""{"name": "a", "axes": {"patchSize": [5], "seed": [0, 1, 2]}}""", "axes.patchSize[0]", "Patch size 5 does not divide image size 28; these do: 1, 2, 4, 7, 14, 28.")]
    [InlineData("""{"name": "a", "axes": {"imageSize": [28, 30]}}""", "axes.imageSize[1]", "Patch size 4 does not divide image size 30; these do: 1, 2, 3, 5, 6, 10, 15, 30.")]
    [InlineData("""{"name": "a", "axes": {"imageSize": [30]}}""", "axes.imageSize[0]", "Patch size 4 does not divide image size 30; these do: 1, 2, 3, 5, 6, 10, 15, 30.")]
    [InlineData("""{"name": "a", "axes": {"maskRatio": [0.5, 0.75], "imageSize": [30]}}""", "axes.imageSize[0]", "Patch size 4 does not divide image size 30; these do: 1, 2, 3, 5, 6, 10, 15, 30.")]
    [InlineData("""{"name": "a", "axes": {"dataset.limit": [1000], "batchSize": [256, 500]}, "base": {"accumulation": 3}}""", "axes.batchSize[1]", "Accumulation 3 is more than the 2 batches of an epoch, so that it would have no step.")]
    [InlineData("""{"name": "a", "axes": {"imageSize": [28, 30]}, "base": {"imageSize": 30}}""", "axes.imageSize[1]", "Patch size 4 does not divide image size 30; these do: 1, 2, 3, 5, 6, 10, 15, 30.")]
    [InlineData("""{"name": "a", "axes": {"encoder.width": [64, 72], "maskRatio": [0.5, 0.75]}, "base": {"encoder": {"heads": 16}}}""", "axes.encoder.width[1]", "16 heads do not divide encoder width 72; these do: 1, 2, 3, 4, 6, 8, 9, 12, 18, 24, 36.")]
    [InlineData("""{"name": "a", "axes": {"patchSize": [4, 14], "maskRatio": [0.5, 0.9]}}""", "axes.maskRatio[1]", "Mask ratio 0.9 leaves 0 of 4 patches visible; at least 1 must be. This is so for the combination patchSize 14, maskRatio 0.9.")]
    [InlineData("""{"name": "a", "design": "star", "axes": {"patchSize": [4, 5, 7], "maskRatio": [0.5, 0.75]}}""", "axes.patchSize[1]", "Patch size 5 does not divide image size 28; these do: 1, 2, 4, 7, 14, 28.")]
    [InlineData("""{"name": "a", "axes": {"maskRatio": [0.5]}, "baseline": {"patchSize": 4}}""", "baseline.patchSize", "'patchSize' is no axis of this experiment; the baseline chooses among maskRatio.")]
    [InlineData("""{"name": "a", "axes": {"seed": [1]}, "baseline": {"seed": 1}}""", "baseline.seed", "'seed' is no axis of this experiment; the baseline chooses among none, as there is no axis but the seed.")]
    [InlineData("""{"name": "a", "axes": {"maskRatio": [0.5, 0.75]}, "baseline": {"maskRatio": 0.6}}""", "baseline.maskRatio", "0.6 is no level of this axis; they are 0.5, 0.75.")]
    [InlineData("""[]""", "", "The definition must be a JSON object.")]
    [InlineData("""{"name": "a" """, "", "The definition is not valid JSON: *")]
    [InlineData("""{"name": "a", "name": "b"}""", "", "The definition is not valid JSON: *")]
    [InlineData("""{"name": "a", "base": {"epochs": 1, "epochs": 2}}""", "", "The definition is not valid JSON: *")]
    public void Wrong_input_gives_one_error_at_its_field(string json, string field, string message)
    {
        var error = Assert.Single(AblationPlan.Parse(json, Some.Datasets).Errors);

        Assert.Equal(field, error.Field);
        if (message.EndsWith('*'))
        {
            Assert.StartsWith(message[..^1], error.Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(message, error.Message);
        }
    }

    [Fact]
    public void All_errors_are_said_at_once()
    {
        var plan = AblationPlan.Parse(
            """
            {"name": "", "base": {"epochs": 0, "dataset": {"name": "imagenet"}}, "axes": {"patchSize": [4, 5, 4], "maskRatio": [0.5, 2]}, "baseline": {"target": "pixels"}}
            """,
            Some.Datasets);

        Assert.Equal(
            ["axes.maskRatio[1]", "axes.patchSize[1]", "axes.patchSize[2]", "base.dataset.name", "base.epochs", "baseline.target", "name"],
            plan.Errors.Select(error => error.Field).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("grid")]
    [InlineData("star")]
    public void More_than_ten_thousand_runs_are_refused_before_they_are_expanded(string design)
    {
        // A grid of these would have 10^24 cells and a star 32,000 runs.
        string[] fields = ["epochs", "batchSize", "accumulation", "dataset.limit", "checkpoints.everyEpochs", "evaluation.everyEpochs", "checkpoints.keepLast", "weightDecay"];
        var axes = new JsonObject(fields.Select(field => KeyValuePair.Create<string, JsonNode?>(field, new JsonArray([.. Enumerable.Range(1, 1000)]))))
        {
            ["seed"] = new JsonArray(0, 1, 2, 3),
        };

        var plan = AblationPlan.Parse(new JsonObject { ["name"] = "a", ["design"] = design, ["axes"] = axes }.ToJsonString(), Some.Datasets);

        var error = Assert.Single(plan.Errors);
        Assert.Equal("axes", error.Field);
        Assert.EndsWith("runs; at most 10,000 are allowed.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_run_too_many_is_told_with_the_count()
    {
        var seeds = string.Join(", ", Enumerable.Range(0, 3334));

        var error = Assert.Single(AblationPlan.Parse($$"""{"name": "a", "axes": {"seed": [{{seeds}}], "patchSize": [4, 7, 14]} }""", Some.Datasets).Errors);

        Assert.Equal(new("axes", "These axes make 3 cells x 3,334 seeds = 10,002 runs; at most 10,000 are allowed."), error);
    }

    [Fact]
    public void One_mistake_in_ten_thousand_cells_is_said_once()
    {
        var levels = string.Join(", ", Enumerable.Range(10, 5000));

        var plan = AblationPlan.Parse($$"""{"name": "a", "base": {"batchSize": 9000}, "axes": {"epochs": [{{levels}}], "maskRatio": [0.5, 0.75]} }""", Some.Datasets);

        Assert.Equal("base.batchSize", Assert.Single(plan.Errors).Field);
    }

    [Fact]
    public void Very_many_different_mistakes_are_capped()
    {
        var levels = string.Join(", ", Enumerable.Range(200_000, 5000));

        var plan = AblationPlan.Parse($$"""{"name": "a", "axes": {"epochs": [{{levels}}]} }""", Some.Datasets);

        Assert.Equal(101, plan.Errors.Count);
        Assert.Equal(new("", "There are more errors; these are the first 100."), plan.Errors[100]);
    }

    [Fact]
    public void Overlong_texts_are_refused()
    {
        var plan = AblationPlan.Create(
            new() { Name = new('a', 201), Description = new('b', 4001), Tags = [.. Enumerable.Repeat("t", 20), "t"] }, Some.Datasets);

        Assert.Equal(["name", "description", "tags"], plan.Errors.Select(error => error.Field));
    }
}
