using System.Text.Json.Nodes;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Recipes;
using MaeLab.Web.Features.Run;

namespace MaeLab.Web.Features.NewExperiment;

/// <summary>One run as the definition of an experiment that would train it again.</summary>
internal static class RunTemplate
{
    /// <summary>Its recipe is the base, its seed the only one; factors are for whoever goes on from here.</summary>
    public static JsonObject Of(RunDetail run)
    {
        var recipe = new JsonObject();
        foreach (var field in RecipeFields.All.Where(field => field.Path != Axis.SeedField))
        {
            ExperimentForm.Place(recipe, field.Path, JsonNode.Parse(RecipeJson.Get(run.Recipe, field.Path)));
        }

        return new()
        {
            ["name"] = $"{run.ExperimentName} #{run.Index}",
            ["preset"] = run.Preset,
            ["base"] = recipe,
            ["axes"] = new JsonObject { [Axis.SeedField] = new JsonArray(run.Seed) },
        };
    }
}
