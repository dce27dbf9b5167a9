using MaeLab.Domain.Recipes;

namespace MaeLab.Domain.Tests.Recipes;

public sealed class PresetsTests
{
    [Fact]
    public void Every_preset_can_be_trained() =>
        Assert.All(Presets.Names, name => Assert.Empty(RecipeValidator.Validate(Presets.Find(name)!, Some.Datasets)));

    [Fact]
    public void Presets_of_the_paper_fine_tune_with_all_of_its_augmentation_and_the_small_ones_with_none() =>
        Assert.Equal(
            [(0, 0, false), (0, 0, false), (0, 0, false), (9, 0.25, true), (9, 0.25, true), (9, 0.25, true)],
            Presets.Names.Select(name => Presets.Find(name)!.Evaluation.FineTune).Select(plan => (plan.RandAugment, plan.RandomErasing, plan.Mixing)));

    [Fact]
    public void Default_preset_exists() => Assert.NotNull(Presets.Find(Presets.Default));
}
