using MaeLab.Domain.Recipes;

namespace MaeLab.Domain.Tests.Recipes;

public sealed class PresetsTests
{
    [Fact]
    public void Every_preset_can_be_trained() =>
        Assert.All(Presets.Names, name => Assert.Empty(RecipeValidator.Validate(Presets.Find(name)!, Some.Datasets)));

    [Fact]
    public void Default_preset_exists() => Assert.NotNull(Presets.Find(Presets.Default));
}
