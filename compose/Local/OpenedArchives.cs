using MaeLab.Hosting;
using MaeLab.Hosting.Bus;
using MaeLab.Storage;
using MaeLab.Storage.Archives;
using MaeLab.Web;

namespace MaeLab.Local;

/// <summary>Archives to be looked at: the pages alone over a database of their own, gone at the end. No scheduler, no runner, nothing to change.</summary>
internal static class OpenedArchives
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(LocalSettings settings, string[] otherArguments)
    {
        OpenedFolder.RemoveAbandoned();
        using var folder = new OpenedFolder();
        try
        {
            var database = StorageOptions.SqliteFile(Path.Combine(folder.Path, "maelab.db"));
            var importing = Task.Run(() => ImportAsync(database, settings.Opened));
            // Meanwhile: each takes about a second, of which most is the compiler's.
            await using var app = BuildWeb(settings, database, otherArguments);
            foreach (var experiment in await importing)
            {
                Console.WriteLine(experiment);
            }

            return await app.RunServiceAsync();
        }
        catch (ArchiveException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return 1;
        }
        finally
        {
            DatabaseFactory.CloseIdleFiles();
        }
    }

    /// <summary>Brings archives into a database, and its schema up to date first.</summary>
    /// <exception cref="ArchiveException">One is not as it should be; those before it were imported.</exception>
    public static async Task<IReadOnlyList<ImportedExperiment>> ImportAsync(string database, IReadOnlyList<string> files)
    {
        var databases = DatabaseFactory.Create(new() { Provider = StorageProvider.Sqlite, ConnectionString = database });
        await DatabaseMigrator.MigrateAsync(databases, CancellationToken.None);
        var imported = new List<ImportedExperiment>();
        foreach (var file in files)
        {
            imported.Add(await new ExperimentImport(databases).ReadFileAsync(Find(file), CancellationToken.None));
        }

        return imported;
    }

    /// <returns>The file itself, or the one of this name among those that come with MaeLab and lie beside the program; the extension may be left out.</returns>
    private static string Find(string file)
    {
        string[] names = [file, file + ArchiveFormat.Extension];
        return names.Concat(names.Select(name => Path.Combine(AppContext.BaseDirectory, name))).FirstOrDefault(File.Exists) ?? file;
    }

    private static WebApplication BuildWeb(LocalSettings settings, string database, string[] otherArguments)
    {
        var builder = LocalHost.CreateBuilder(settings, otherArguments, new()
        {
            ["Storage:ConnectionString"] = database,
            [$"{WebOptions.Section}:{nameof(WebOptions.ReadOnly)}"] = string.Join(", ", settings.Opened.Select(Path.GetFileNameWithoutExtension)),
        });
        builder.AddMaeLabWeb();
        builder.Services.AddMaeLabBus(builder.Configuration, WebRegistration.Contribute);
        var app = builder.Build();
        app.MapMaeLabWeb();
        return app;
    }
}
