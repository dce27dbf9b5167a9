using MaeLab.Domain.Recipes;

namespace MaeLab.Web.Presentation;

/// <summary>Recipe fields and their levels in the words of the form.</summary>
public static class FieldText
{
    public static string Label(string path) => RecipeFields.Find(path)?.Label ?? path;

    /// <summary>"mask ratio 0.75", for a list of levels in a sentence.</summary>
    public static string Level(string path, string literal) => $"{Label(path).ToLowerInvariant()} {Format.Literal(literal)}";
}
