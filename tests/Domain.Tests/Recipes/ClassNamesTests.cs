using MaeLab.Domain.Recipes;

namespace MaeLab.Domain.Tests.Recipes;

public sealed class ClassNamesTests
{
    [Fact]
    public void Every_known_data_set_has_a_name_for_each_of_its_classes() =>
        Assert.All(Datasets.Known, info => Assert.Equal(info.Classes, ClassNames.Of(info.Name)?.Distinct().Count()));

    [Fact]
    public void Names_of_another_data_set_are_not_guessed() => Assert.Null(ClassNames.Of("photos"));
}
