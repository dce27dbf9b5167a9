using System.Reflection;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Web.Features.Theory;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Tests.Features;

public sealed class TheoryCatalogueTests
{
    private static IEnumerable<TheoryProbe> Probes => TheoryCatalogue.Probes;

    [Fact]
    public void Every_theory_series_is_there_exactly_once()
    {
        var series = typeof(SeriesNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)
            .Where(name => name.StartsWith(SeriesNames.TheoryGroup, StringComparison.Ordinal) && name != SeriesNames.TheoryGroup);

        Assert.Equal(series.Order(), Probes.Where(probe => probe.IsTheory).Select(probe => probe.Series).Order());
    }

    [Fact]
    public void Question_about_one_factor_names_a_field_of_recipes() =>
        Assert.All(Probes.Where(probe => !probe.IsTheory), probe => Assert.NotNull(RecipeFields.Find(probe.Over!)));

    [Fact]
    public void Bound_counts_the_runs_that_reach_it()
    {
        Guid below = Guid.CreateVersion7(), at = Guid.CreateVersion7();
        var bound = TheoryCatalogue.Probe(SeriesNames.InfluenceLength).Bound!;
        var recipes = new[] { below, at }.ToDictionary(id => id, _ => Presets.Find(Presets.Default)!);

        var reached = bound.Count([new(below, SeriesNames.InfluenceLength, 1, 27.9), new(at, SeriesNames.InfluenceLength, 1, 28)], recipes);

        Assert.Equal(1, reached);
        Assert.StartsWith("1 of 2 runs reach the image's side", bound.Sentence(reached, 2), StringComparison.Ordinal);
    }

    [Fact]
    public void Questions_are_in_the_order_of_the_address_words_and_findable_by_them()
    {
        Assert.Equal(Enum.GetValues<TheoryTopic>(), TheoryCatalogue.Questions.Select(question => question.Topic));
        Assert.All(TheoryCatalogue.Questions, question => Assert.Equal(question.Topic, EnumWord.Find<TheoryTopic>(question.Word)));
    }

    /// <summary>The series say to which of the paper's questions they belong.</summary>
    [Fact]
    public void Probes_stand_with_their_question() => Assert.All(TheoryCatalogue.Questions, question => Assert.All(question.Probes.Where(probe => probe.IsTheory), probe =>
        Assert.Equal(question.Topic != TheoryTopic.Beside, probe.Word.StartsWith($"q{(int)question.Topic + 1}_", StringComparison.Ordinal))));
}
