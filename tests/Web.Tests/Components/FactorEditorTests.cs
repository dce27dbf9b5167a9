using Bunit;
using MaeLab.Web.Features.NewExperiment;

namespace MaeLab.Web.Tests.Components;

public sealed class FactorEditorTests : ComponentTest
{
    private readonly FactorInput _factor = new("maskRatio", ["0.5", "0.75"]);
    private int _changes;

    [Fact]
    public void Comma_ends_a_level_so_that_a_list_can_be_pasted()
    {
        Render(FormErrors.None).Find("[data-testid=add-level]").Input("0.8, 0.9,");

        Assert.Equal(["0.5", "0.75", "0.8", "0.9"], _factor.Levels);
        Assert.Equal(1, _changes);
    }

    [Fact]
    public void Enter_adds_what_was_typed()
    {
        var editor = Render(FormErrors.None);

        editor.Find("[data-testid=add-level]").Input("0.6");
        editor.Find("[data-testid=add-level]").KeyDown("Enter");

        Assert.Equal(["0.5", "0.75", "0.6"], _factor.Levels);
        Assert.Equal("", editor.Find("[data-testid=add-level]").GetAttribute("value"));
    }

    [Fact]
    public void Suggestions_are_those_not_taken_yet()
    {
        var editor = Render(FormErrors.None);

        Assert.Equal(["+ 0.25", "+ 0.6", "+ 0.9"], editor.FindAll(".suggested").Select(button => button.TextContent));
        editor.Find("[aria-label='Add 0.9']").Click();

        Assert.Equal(["0.5", "0.75", "0.9"], _factor.Levels);
        Assert.Equal(["+ 0.25", "+ 0.6"], editor.FindAll(".suggested").Select(button => button.TextContent));
    }

    [Fact]
    public void Level_is_removed_by_its_own_button()
    {
        Render(FormErrors.None).Find("[aria-label='Remove 0.5']").Click();

        Assert.Equal(["0.75"], _factor.Levels);
    }

    [Fact]
    public void Wrong_level_is_marked_and_said_once()
    {
        var editor = Render(new([new("axes.maskRatio[1]", "Too much."), new("axes.maskRatio[0]", "Too much."), new("axes.patchSize[0]", "Not mine.")]));

        Assert.Equal(2, editor.FindAll(".chip.wrong").Count);
        Assert.Equal("Too much.", Assert.Single(editor.FindAll("[role=alert]")).TextContent);
    }

    private IRenderedComponent<FactorEditor> Render(FormErrors errors) => Context.Render<FactorEditor>(parameters => parameters
        .Add(component => component.Factor, _factor)
        .Add(component => component.Errors, errors)
        .Add(component => component.Changed, () => _changes++));
}
