using System.Text.RegularExpressions;

namespace MaeLab.Architecture.Tests;

/// <summary>Whoever clones the repository has nothing but the repository: no text in it may point outside.</summary>
public sealed partial class OutsideReferenceTests
{
    [Fact]
    public void No_text_points_outside_of_the_repository() =>
        Repository.AssertNone(
            from file in Repository.Files(".cs", ".razor", ".csproj", ".props", ".targets", ".md", ".js", ".css", ".json", ".sh", ".yaml", ".yml", ".py", "")
            where !file.Path.EndsWith(nameof(OutsideReferenceTests) + ".cs", StringComparison.Ordinal)
            from Match match in Outside().Matches(file.Text)
            select $"{file.Path}: '{match.Value}' is not in the repository; say it here or leave it out.");

    [Theory]
    [InlineData("see ../shared/design.md", true)]
    [InlineData("/work/wt-web", true)]
    [InlineData("(mae-spec 1.11)", true)]
    [InlineData("shared/Domain/Recipes", false)]
    [InlineData("docs/design.md", false)]
    public void Pointer_outside_is_told_from_others(string text, bool outside) => Assert.Equal(outside, Outside().IsMatch(text));

    [GeneratedRegex(@"/work/(shared|main|wt-)\S*|\bshared/(reference|tools|design\.md|style\.md|field\.md)|\bmae-spec\b|\bplatform-facts\b|\bpublished-numbers\b")]
    private static partial Regex Outside();
}
