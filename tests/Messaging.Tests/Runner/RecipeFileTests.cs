using MaeLab.Domain.Recipes;
using MaeLab.Runner.Verbs;

namespace MaeLab.Messaging.Tests.Runner;

public sealed class RecipeFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void Preset_fills_what_the_file_leaves_out()
    {
        var recipe = Read("""{"preset": "micro", "epochs": 3, "warmupEpochs": 1}""");

        Assert.Equal(Presets.Find("micro")! with { Epochs = 3, WarmupEpochs = 1 }, recipe.Value);
    }

    [Theory]
    [InlineData("""{"epoch": 3}""", "epoch")]
    [InlineData("""{"patchSize": 5}""", "patchSize")]
    [InlineData("""{"preset": "giant"}""", "preset")]
    [InlineData("""{"dataset": {"name": "nowhere"}}""", "dataset.name")]
    public void Wrong_field_is_named(string json, string field) => Assert.Contains(Read(json).Errors, error => error.Field == field);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    public void File_that_is_no_recipe_is_named(string json) => Assert.Equal(_path, Assert.Single(Read(json).Errors).Field);

    public void Dispose() => File.Delete(_path);

    private Domain.Checked<Recipe> Read(string json)
    {
        File.WriteAllText(_path, json);
        return RecipeFile.Read(_path, Datasets.Known.ToDictionary(dataset => dataset.Name));
    }
}
