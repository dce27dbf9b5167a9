using System.Security.Cryptography;
using System.Text;

namespace MaeLab.Domain.Recipes;

/// <summary>What tells recipes apart in a table: the SHA-256 of a recipe's JSON, whatever the order a database keeps its fields in.</summary>
public static class RecipeHash
{
    /// <summary>So few that they fit a table, so many that two recipes of one study do not share them.</summary>
    public const int ShortLength = 12;

    /// <summary>The first hexadecimal digits, lower case.</summary>
    public static string Short(Recipe recipe) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(RecipeJson.Write(recipe).ToJsonString())))[..ShortLength];
}
