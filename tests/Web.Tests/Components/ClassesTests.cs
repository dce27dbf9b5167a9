using Bunit;
using MaeLab.Domain.Metrics;
using MaeLab.Web.Features.Run;

namespace MaeLab.Web.Tests.Components;

public sealed class ClassesTests : ComponentTest
{
    [Fact]
    public void Matrix_shows_counts_with_the_true_classes_as_rows()
    {
        var section = Render(Result(SeriesNames.LinearAccuracy, [0, 0, 0, 1], [0, 1, 1, 1], classes: 2, names: ["cat", "dog"]));

        Assert.Equal(["1", "2", "0", "1"], section.FindAll("[data-testid=confusion] td").Select(cell => cell.TextContent));
        Assert.Equal("2 of 3 images of cat taken for dog", section.FindAll("[data-testid=confusion] td")[1].GetAttribute("title"));
        Assert.Null(section.FindAll("[data-testid=confusion] td")[2].GetAttribute("style"));
        Assert.Equal(["33.3 %", "100.0 %"], section.FindAll(".class-bars b").Select(bar => bar.TextContent));
        Assert.StartsWith("50.0 % of 4 held-out images", section.Find(".classes-words").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Classifier_can_be_chosen()
    {
        var section = Render(
            Result(SeriesNames.LinearAccuracy, [0, 1], [0, 0], classes: 2),
            Result(SeriesNames.ScratchAccuracy, [0, 1], [0, 1], classes: 2) is var control
                ? control with { Details = control.Details with { PretrainingGain = 0.052, Training = new(10, 310, 256, 1e-3) } } : null!);

        Assert.Equal(["Linear probe accuracy", "From-scratch accuracy"], section.FindAll("option").Select(option => option.TextContent));
        section.Find("[data-testid=classifier]").Change(SeriesNames.ScratchAccuracy);

        Assert.Contains("10 epochs (310 steps of 256 images, learning rate up to 0.001)", section.Find(".classes-words").TextContent, StringComparison.Ordinal);
        Assert.EndsWith("Fine-tuning the pre-trained encoder is 5.2 points better.", section.Find(".classes-words").TextContent, StringComparison.Ordinal);
        Assert.Equal(["100.0 %", "100.0 %"], section.FindAll(".class-bars b").Select(bar => bar.TextContent));
    }

    [Fact]
    public void Many_classes_are_a_list_of_what_is_confused_most()
    {
        var labels = Enumerable.Range(0, 100).Concat([7, 7, 8]).ToList();
        var guesses = Enumerable.Range(0, 100).Concat([9, 9, 9]).ToList();
        var section = Render(Result(SeriesNames.LinearAccuracy, labels, guesses, classes: 100));

        Assert.Empty(section.FindAll("[data-testid=confusion]"));
        Assert.Equal(["2 Class 7 taken for Class 9", "1 Class 8 taken for Class 9"], section.FindAll("[data-testid=confusions] li").Select(item => item.TextContent));
    }

    [Fact]
    public void Results_without_a_matrix_show_their_bars_and_runs_without_results_nothing()
    {
        var old = new ClassificationSummary(SeriesNames.LinearAccuracy, 1, 10, 0.5, new([0.5, null], 8_000, 2_000));

        Assert.Equal(["50.0 %", "–"], Render(old).FindAll(".class-bars b").Select(bar => bar.TextContent));
        Assert.Empty(Render(old).FindAll("table"));
        Assert.Equal("", Render().Markup.Trim());
    }

    private IRenderedComponent<Classes> Render(params ClassificationSummary[] results) =>
        Context.Render<Classes>(parameters => parameters.Add(component => component.Classifications, results));

    private static ClassificationSummary Result(string probe, IReadOnlyList<int> labels, IReadOnlyList<int> guesses, int classes, string[]? names = null)
    {
        var (accuracy, details) = ClassificationDetails.Of(labels, guesses, classes, trainImages: 8_000, names);
        return new(probe, Attempt: 1, Step: 10, accuracy, details);
    }
}
