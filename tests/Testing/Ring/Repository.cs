namespace MaeLab.Testing.Ring;

/// <summary>Where the programs under test were built.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release: the one this test was built with.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MaeLab.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No MaeLab.sln above {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }
}
