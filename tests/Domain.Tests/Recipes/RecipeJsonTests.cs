using System.Text.Json.Nodes;
using CsCheck;
using MaeLab.Domain.Recipes;

namespace MaeLab.Domain.Tests.Recipes;

public sealed class RecipeJsonTests
{
    [Fact]
    public void Fill_lays_the_part_over_the_preset()
    {
        var filled = RecipeJson.Fill("micro", Parse("""{"maskRatio": 0.5, "decoder": {"depth": 8}, "clipNorm": 1, "target": "pixels"}"""));

        var micro = Presets.Find("micro")!;
        Assert.Equal(micro with { MaskRatio = 0.5, Decoder = micro.Decoder with { Depth = 8 }, ClipNorm = 1, Target = ReconstructionTarget.Pixels }, filled.Value);
    }

    [Fact]
    public void Fill_reaches_into_a_group_within_a_group()
    {
        var filled = RecipeJson.Fill("nano", Parse("""{"evaluation": {"knn": 5, "fineTune": {"epochs": 10, "pooling": "classToken"}}}"""));

        var plan = Presets.Find("nano")!.Evaluation;
        Assert.Equal(plan with { Knn = 5, FineTune = plan.FineTune with { Epochs = 10, Pooling = Pooling.ClassToken } }, filled.Value!.Evaluation);
    }

    [Fact]
    public void Read_takes_a_recipe_stored_before_there_were_evaluations_that_train()
    {
        var stored = RecipeJson.Write(Some.Recipe);
        stored["evaluation"] = Parse("""{"linearProbe": true, "reconstructions": 8, "everyEpochs": 5}""");

        var recipe = RecipeJson.Read(stored.ToJsonString());

        Assert.Equal(new EvaluationPlan(LinearProbe: true, Reconstructions: 8, EveryEpochs: 5), recipe.Evaluation);
        Assert.Equal((0, 0, 0), (recipe.Evaluation.Knn, recipe.Evaluation.LarsProbe.Epochs, recipe.Evaluation.FineTune.Epochs));
        Assert.Equal(TheoryProbes.Cheap, recipe.Evaluation.Theory);
        Assert.Empty(RecipeValidator.Validate(recipe, Some.Datasets));
    }

    [Fact]
    public void Read_takes_a_recipe_stored_before_fine_tuning_augmented_by_more_than_crops()
    {
        var tuned = Some.Recipe with { Evaluation = Some.Recipe.Evaluation with { FineTune = new() { Epochs = 10, Mixing = true } } };
        var stored = RecipeJson.Write(tuned);
        var plan = stored["evaluation"]!["fineTune"]!.AsObject();
        Assert.True(plan.Remove("randAugment") && plan.Remove("randomErasing"));

        Assert.Equal(tuned, RecipeJson.Read(stored.ToJsonString()));
    }

    [Fact]
    public void Fill_without_a_part_is_the_preset() => Assert.Equal(Presets.Find("base"), RecipeJson.Fill("base", null).Value);

    [Fact]
    public void Fill_says_every_error_at_once_with_its_path()
    {
        var filled = RecipeJson.Fill("gigantic", Parse(
            """
            {"maskRatio": "much", "patchsize": 4, "encoder": {"width": 1.5, "colour": 3}, "decoder": 7, "epochs": null,
             "maskSampler": "spiral", "evaluation": {"linearProbe": 1}, "dataset": {"name": 5}, "seed": 1e30, "encoder.depth": 4}
            """));

        Assert.False(filled.IsValid);
        Assert.Equal(
            ["preset", "maskRatio", "patchsize", "encoder.width", "encoder.colour", "decoder", "epochs", "maskSampler",
             "evaluation.linearProbe", "dataset.name", "seed", "encoder.depth"],
            filled.Errors.Select(error => error.Field));
        Assert.All(filled.Errors, error => Assert.EndsWith(".", error.Message.TrimEnd('?') + ".", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("maskRatio", "\"much\"", "Mask ratio must be a number, not \"much\".")]
    [InlineData("patchSize", "4.5", "Patch size must be a whole number, not 4.5.")]
    [InlineData("patchSize", "[4]", "Patch size must be a whole number, not [4].")]
    [InlineData("patchSize", "1e12", "Patch size must be from 1 to 1,024, not 1e12.")]
    [InlineData("weightDecay", "1e999", "Weight decay must be a finite number.")]
    [InlineData("epochs", "null", "Epochs must not be null.")]
    [InlineData("target", "\"Pixels\"", "Target must be one of pixels, normalizedPixels, pca, not \"Pixels\".")]
    [InlineData("target", "1", "Target must be one of pixels, normalizedPixels, pca, not 1.")]
    [InlineData("evaluation.linearProbe", "\"true\"", "Linear probe must be true or false, not \"true\".")]
    [InlineData("dataset.name", "{}", "Data set must be a text, not {}.")]
    [InlineData("epochs", "ten", "Epochs: 'ten' is not a JSON value.")]
    [InlineData("Epochs", "1", "There is no recipe field 'Epochs'. Did you mean epochs or evaluation.larsProbe.epochs or evaluation.fineTune.epochs?")]
    [InlineData("width", "1", "There is no recipe field 'width'. Did you mean encoder.width or decoder.width?")]
    public void With_explains_a_value_it_cannot_take(string path, string literal, string message) =>
        Assert.Equal([new FieldError(path, message)], RecipeJson.With(Some.Recipe, path, literal).Errors);

    [Theory]
    [InlineData("maskRatio", "0.50", "0.5")]
    [InlineData("maskRatio", "5e-1", "0.5")]
    [InlineData("weightDecay", "-0.0", "0")]
    [InlineData("patchSize", "7.0", "7")]
    [InlineData("clipNorm", "null", "null")]
    [InlineData("seed", "9007199254740991", "9007199254740991")]
    [InlineData("dataset.name", "\"cifar10\"", "\"cifar10\"")]
    public void Get_returns_the_canonical_literal_of_what_With_set(string path, string literal, string canonical) =>
        Assert.Equal(canonical, RecipeJson.Get(RecipeJson.With(Some.Recipe, path, literal).Value!, path));

    [Fact]
    public void Values_made_in_code_are_taken_like_parsed_ones()
    {
        var filled = RecipeJson.Fill("nano", new JsonObject { ["maskRatio"] = 0.5f, ["epochs"] = 20L, ["clipNorm"] = 1 });

        Assert.Equal(Some.Recipe with { MaskRatio = 0.5, Epochs = 20, ClipNorm = 1 }, filled.Value);
        Assert.Equal("maskRatio", Assert.Single(RecipeJson.Fill("nano", new JsonObject { ["maskRatio"] = double.NaN }).Errors).Field);
    }

    [Fact]
    public void Written_recipe_reads_back_equal() =>
        Gen.Select(Gen.Double[0.01, 0.99], Gen.Int[1, 512], Gen.Double[1e-12, 1].Nullable(), Gen.Enum<MaskSampler>(), Gen.Long[0, 1L << 53])
            .Sample((maskRatio, epochs, clip, sampler, seed) =>
            {
                var recipe = Some.Recipe with { MaskRatio = maskRatio, Epochs = epochs, ClipNorm = clip, MaskSampler = sampler, Seed = seed };
                Assert.Equal(recipe, RecipeJson.Read(RecipeJson.Write(recipe).ToJsonString()));
            });

    [Fact]
    public void Written_recipe_fills_any_preset_to_itself() =>
        Assert.All(Presets.Names, name =>
            Assert.Equal(Presets.Find(name), RecipeJson.Fill("nano", RecipeJson.Write(Presets.Find(name)!)).Value));

    /// <summary>Recipes stored before a field came to be: the field's absence is what they were trained with.</summary>
    [Fact]
    public void Read_of_a_recipe_from_before_later_fields_gives_their_defaults()
    {
        var json = RecipeJson.Write(Some.Recipe);
        Assert.True(json.Remove("encoderMaskTokens"));
        Assert.True(json["checkpoints"]!.AsObject().Remove("keepEveryEpochs"));
        Assert.True(json["checkpoints"]!.AsObject().Remove("keepBest"));
        Assert.False(json.ContainsKey("pcaComponents"));

        Assert.Equal(Some.Recipe, RecipeJson.Read(json.ToJsonString()));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1")]
    [InlineData("""{"maskRatio": "a"}""")]
    public void Read_of_an_incomplete_recipe_says_so(string json) =>
        Assert.Contains("no complete recipe", Assert.Throws<FormatException>(() => RecipeJson.Read(json)).Message, StringComparison.Ordinal);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
