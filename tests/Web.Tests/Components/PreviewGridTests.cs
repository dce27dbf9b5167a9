using Bunit;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Recipes;
using MaeLab.Web.Features.NewExperiment;

namespace MaeLab.Web.Tests.Components;

public sealed class PreviewGridTests : ComponentTest
{
    [Fact]
    public void Level_none_is_part_of_the_design()
    {
        var plan = AblationPlan.Parse(
            """{"name":"x","axes":{"clipNorm":[null,1],"maskRatio":[0.5,0.75]}}""", Datasets.Known.ToDictionary(dataset => dataset.Name)).Value!;
        var preview = new PlanningContext(Datasets.Known.ToDictionary(dataset => dataset.Name), []).Preview(plan);

        var grid = Context.Render<PreviewGrid>(parameters => parameters
            .Add(component => component.Preview, preview).Add(component => component.Axes, plan.Axes));

        Assert.Equal(4, grid.FindAll("i").Count);
        Assert.Empty(grid.FindAll(".absent"));
    }
}
