using System.Text.Json.Nodes;
using MaeLab.Domain.Recipes;

namespace MaeLab.Domain.Tests.Recipes;

public sealed class RecipeFieldsTests
{
    [Fact]
    public void Fields_are_exactly_the_leaves_of_the_recipes_json()
    {
        var complete = Some.Recipe with { Dataset = new("mnist", 1000), PcaComponents = 16, ClipNorm = 1, Uniformity = 0.01 };

        Assert.Equal(Leaves(RecipeJson.Write(complete), "").Order(), RecipeFields.All.Select(field => field.Path).Order());
    }

    [Fact]
    public void Every_field_reads_what_the_json_holds()
    {
        var complete = Some.Recipe with { Dataset = new("mnist", 1000), PcaComponents = 16, ClipNorm = 1.5, Uniformity = 0.01, Seed = 7 };
        var json = RecipeJson.Write(complete);

        Assert.All(RecipeFields.All, field =>
        {
            var node = field.Path.Split('.').Aggregate((JsonNode?)json, (parent, name) => parent![name]);
            Assert.Equal(node!.ToJsonString(), RecipeJson.Get(complete, field.Path));
        });
    }

    [Fact]
    public void Every_suggestion_is_a_canonical_level_within_the_bounds() =>
        Assert.All(RecipeFields.All, field => Assert.All(field.Suggestions, literal =>
        {
            var changed = RecipeJson.With(Some.Recipe, field.Path, literal);
            Assert.Empty(changed.Errors);
            Assert.Equal(literal, RecipeJson.Get(changed.Value!, field.Path));
            Assert.DoesNotContain(RecipeValidator.Validate(changed.Value!, Some.Datasets), error => error.Message.Contains(field.Bounds?.ToString() ?? "no bounds", StringComparison.Ordinal));
        }));

    [Fact]
    public void Every_field_has_a_label_help_and_suggestions_of_its_own()
    {
        Assert.All(RecipeFields.All, field =>
        {
            Assert.NotEmpty(field.Label);
            Assert.EndsWith(".", field.Help, StringComparison.Ordinal);
            Assert.NotEmpty(field.Suggestions);
            Assert.Equal(field.Kind == FieldKind.Choice, field.Choices.Count > 0);
            Assert.Equal(field.Kind is FieldKind.Integer or FieldKind.Number, field.Bounds is not null);
        });
        Assert.Distinct(RecipeFields.All.Select(field => field.Label));
    }

    [Fact]
    public void Choices_are_the_words_of_the_json() =>
        Assert.Equal(["pixels", "normalizedPixels", "pca"], RecipeFields.Find("target")!.Choices);

    private static IEnumerable<string> Leaves(JsonObject group, string prefix) =>
        group.SelectMany(member => member.Value is JsonObject inner ? Leaves(inner, prefix + member.Key + ".") : [prefix + member.Key]);
}
