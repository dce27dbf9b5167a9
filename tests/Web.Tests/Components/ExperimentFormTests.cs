using System.Text.Json;
using System.Text.Json.Nodes;
using MaeLab.Domain;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Recipes;
using MaeLab.Web.Features.NewExperiment;

namespace MaeLab.Web.Tests.Components;

public sealed class ExperimentFormTests
{
    private static readonly Dictionary<string, DatasetInfo> s_datasets = Datasets.Known.ToDictionary(dataset => dataset.Name);

    [Theory]
    [InlineData("nano")]
    [InlineData("micro")]
    [InlineData("tiny")]
    [InlineData("base")]
    [InlineData("large")]
    [InlineData("huge")]
    public void Every_preset_can_be_submitted_as_it_comes(string preset)
    {
        var form = new ExperimentForm();

        form.ChoosePreset(preset);

        Assert.Empty(AblationPlan.Create(form.ToDefinition(), s_datasets).Errors);
    }

    [Fact]
    public void Only_what_differs_from_the_preset_is_sent()
    {
        var form = new ExperimentForm();

        form.SetValue("epochs", "12");
        form.SetValue("encoder.depth", "6");
        form.SetValue("batchSize", "128");
        form.SetValue("batchSize", "256");

        Assert.Equal("""{"epochs":12,"encoder":{"depth":6}}""", form.ToDefinition().Base!.ToJsonString());
    }

    [Fact]
    public void Base_value_of_a_factor_is_not_sent()
    {
        var form = new ExperimentForm();

        form.SetValue("maskRatio", "7");

        Assert.Null(form.ToDefinition().Base);
    }

    [Fact]
    public void What_is_no_number_comes_back_as_an_error_of_its_field()
    {
        var form = new ExperimentForm();

        form.SetValue("epochs", "many");

        var error = Assert.Single(AblationPlan.Create(form.ToDefinition(), s_datasets).Errors);
        Assert.Equal("base.epochs", error.Field);
        Assert.Contains("whole number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Name_follows_the_factors_until_one_is_typed()
    {
        var form = new ExperimentForm();
        Assert.Equal("Mask ratio × patch size", form.Name);

        form.Factors.RemoveAll(factor => factor.Path == "patchSize");
        Assert.Equal("Mask ratio", form.Name);

        form.Name = "mine";
        form.Factors.Clear();
        Assert.Equal("mine", form.Name);
    }

    [Theory]
    [InlineData("""{"name":"a","preset":"micro","base":{"epochs":30,"clipNorm":null,"dataset":{"limit":1000}},"axes":{"maskRatio":[0.5,0.9],"seed":[4,5]}}""")]
    [InlineData("""{"name":"a","description":"why","tags":["x"],"priority":3,"preset":"nano","axes":{"maskSampler":["random","grid"],"clipNorm":[null,1]},"design":"star","baseline":{"maskSampler":"grid"}}""")]
    [InlineData("""{"name":"a","base":{"evaluation":{"linearProbe":false}}}""")]
    public void Clone_plans_the_same_runs(string definition)
    {
        var original = AblationPlan.Parse(definition, s_datasets).Value!;

        var clone = ExperimentForm.From(JsonNode.Parse(definition)!.AsObject()).ToDefinition();

        var plan = AblationPlan.Parse(JsonSerializer.Serialize(clone, JsonDefaults.Options), s_datasets).Value!;
        Assert.Equal(original.Runs.Select(run => run.Recipe), plan.Runs.Select(run => run.Recipe));
        Assert.Equal(original.Cells.Select(cell => cell.IsBaseline), plan.Cells.Select(cell => cell.IsBaseline));
        Assert.Equal(original.Definition.Tags ?? [], plan.Definition.Tags ?? []);
        Assert.Equal(original.Definition.Priority, plan.Definition.Priority);
    }
}
