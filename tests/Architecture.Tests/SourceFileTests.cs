using System.Text.RegularExpressions;

namespace MaeLab.Architecture.Tests;

/// <summary>A newcomer finds a type by its name: namespace is folder, file is type, and a file is read in one sitting.</summary>
public sealed partial class SourceFileTests
{
    private const int MaxLines = 300;

    private static IEnumerable<(string Path, string Text)> Compiled =>
        Repository.CSharp.Where(file => !Repository.Projects.Any(project => project.NotCompiled.Contains(file.Path)));

    [Fact]
    public void Namespace_is_the_path_of_the_folder() =>
        Repository.AssertNone(Compiled.Select(file => NamespaceViolation(file.Path, file.Text, ProjectOf(file.Path))).OfType<string>());

    [Fact]
    public void File_is_named_after_a_type_in_it() =>
        Repository.AssertNone(Compiled.Select(file => FileNameViolation(file.Path, file.Text)).OfType<string>());

    [Fact]
    public void No_file_is_longer_than_one_sitting() =>
        Repository.AssertNone(Repository.Files(".cs", ".razor", ".js", ".css", ".sh")
            .Where(file => !file.Path.Contains("/Migrations/", StringComparison.Ordinal))
            .Select(file => (file.Path, Lines: file.Text.AsSpan().Count('\n')))
            .Where(file => file.Lines > MaxLines)
            .Select(file => $"{file.Path}: {file.Lines} lines; split it, a file has at most {MaxLines}."));

    [Theory]
    [InlineData("runner/Engine/Data/Idx.cs", "namespace MaeLab.Engine.Data;", null)]
    [InlineData("runner/Engine/Data/Idx.cs", "namespace MaeLab.Engine;", "runner/Engine/Data/Idx.cs: its namespace must be MaeLab.Engine.Data, as the folder is, not MaeLab.Engine.")]
    [InlineData("runner/Engine/Data/Idx.cs", "class Idx;", "runner/Engine/Data/Idx.cs: its namespace must be MaeLab.Engine.Data, as the folder is, not none.")]
    [InlineData("runner/Engine/Program.cs", "return 0;", null)]
    [InlineData("runner/Engine/Fixtures.cs", "[assembly: Fixture]", null)]
    public void Wrong_namespace_is_told(string path, string text, string? violation) =>
        Assert.Equal(violation, NamespaceViolation(path, text, new("runner/Engine/MaeLab.Engine.csproj", [], [], [])));

    [Theory]
    [InlineData("a/RunRow.cs", "public sealed class RunRow {}", true)]
    [InlineData("a/RunPage.razor.cs", "public sealed partial class RunPage {}", true)]
    [InlineData("a/MetricPoint.cs", "public readonly record struct MetricPoint(int X);", true)]
    [InlineData("a/MetricRows.cs", "public sealed class SeriesRow {}\npublic sealed class ChunkRow {}", true)]
    [InlineData("a/MetricRows.cs", "public sealed class SeriesRow {}\npublic sealed class Helper {}", false)]
    [InlineData("a/RunRow.cs", "public sealed class Runrow {}", false)]
    [InlineData("a/RunRow.cs", "// class RunRow was here\npublic sealed class Other {}", false)]
    public void File_name_is_compared_with_the_types(string path, string text, bool fits) => Assert.Equal(fits, FileNameViolation(path, text) is null);

    private static ProjectFile? ProjectOf(string path) =>
        Repository.Projects.Where(project => path.StartsWith(project.Folder + "/", StringComparison.Ordinal)).MaxBy(project => project.Folder.Length);

    private static string? NamespaceViolation(string path, string text, ProjectFile? project)
    {
        if (project is null)
        {
            return $"{path}: belongs to no project.";
        }

        var found = Namespace().Match(text) is { Success: true } match ? match.Groups["name"].Value : null;
        if (found is null && HasNoTypes(path, text))
        {
            return null;
        }

        var folders = path[(project.Folder.Length + 1)..].Split('/')[..^1];
        var expected = string.Join('.', [project.Name, .. folders]);
        return found == expected ? null : $"{path}: its namespace must be {expected}, as the folder is, not {found ?? "none"}.";
    }

    /// <summary>Small related types may share a file named after what they have in common: RunRow and StateRow in Rows or RunRows.</summary>
    private static string? FileNameViolation(string path, string text)
    {
        var name = path[(path.LastIndexOf('/') + 1)..].Split('.')[0];
        var types = TypeDeclaration().Matches(text).Select(match => match.Groups["name"].Value).ToList();
        var family = types.Count > 1 && name.EndsWith('s') ? LastWord().Match(name[..^1]).Value : null;
        return HasNoTypes(path, text) || types.Contains(name) || (family is not null && types.All(type => type.EndsWith(family, StringComparison.Ordinal)))
            ? null
            : $"{path}: declares {string.Join(", ", types)} but no {name}; a file is named after its type.";
    }

    /// <summary>Top-level statements, global usings, and attributes of the assembly belong to no type.</summary>
    private static bool HasNoTypes(string path, string text) =>
        path.EndsWith("/Program.cs", StringComparison.Ordinal)
        || (!TypeDeclaration().IsMatch(text) && (text.Contains("[assembly:", StringComparison.Ordinal) || text.Contains("global using ", StringComparison.Ordinal)));

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    /// <summary>Types at the left edge, where file-scoped namespaces put all that are not nested.</summary>
    [GeneratedRegex(@"^(?:(?:public|internal|file|sealed|static|abstract|partial|readonly|ref|unsafe)\s+)*(?:class|interface|enum|struct|record(?:\s+(?:class|struct))?|delegate\s+[\w<>\[\],.? ]+?)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex("[A-Z][a-z0-9]*$")]
    private static partial Regex LastWord();
}
