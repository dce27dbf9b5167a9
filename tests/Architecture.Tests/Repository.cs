namespace MaeLab.Architecture.Tests;

/// <summary>The working tree that these tests were built from, without what builds and package managers leave in it.</summary>
internal static class Repository
{
    private static readonly string[] s_made =
        ["bin", "obj", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts", "lib", ".git", ".vs", ".idea", ".playwright"];

    public static DirectoryInfo Root { get; } = FindRoot();

    /// <summary>Path below the root with forward slashes, and content, of each file with one of the extensions.</summary>
    public static IEnumerable<(string Path, string Text)> Files(params string[] extensions) =>
        Walk(Root)
            .Where(file => extensions.Contains(file.Extension))
            .Select(file => (PathOf(file), File.ReadAllText(file.FullName)));

    public static IReadOnlyList<ProjectFile> Projects { get; } = [.. Files(".csproj").Select(file => ProjectFile.Parse(file.Path, file.Text))];

    /// <summary>C# that people write: no migrations, whose shape the tool decides.</summary>
    public static IEnumerable<(string Path, string Text)> CSharp =>
        Files(".cs").Where(file => !file.Path.Contains("/Migrations/", StringComparison.Ordinal));

    /// <summary>Fails with one line for every violation, each naming the file and the rule.</summary>
    public static void AssertNone(IEnumerable<string> violations)
    {
        var all = violations.ToList();
        Assert.True(all.Count == 0, string.Join(Environment.NewLine, all));
    }

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) =>
        folder.EnumerateDirectories()
            .Where(inner => !s_made.Contains(inner.Name) && inner.LinkTarget is null)
            .SelectMany(Walk)
            .Concat(folder.EnumerateFiles());

    private static string PathOf(FileInfo file) => Path.GetRelativePath(Root.FullName, file.FullName).Replace('\\', '/');

    private static DirectoryInfo FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MaeLab.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds MaeLab.sln.");
        }

        return folder;
    }
}
