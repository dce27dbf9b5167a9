using MaeLab.Domain.Runs;
using MaeLab.Storage;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Nodes;
using MaeLab.Testing.Ring;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.System.Tests;

/// <summary>Experiments in and out by the command lines of the scheduler and of the one-process program.</summary>
public sealed class ArchiveVerbTests(PostgresServer databases) : IDisposable
{
    private const string NoArchive = "is no MaeLab archive, or was cut off on its way.";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maelab-verbs-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Experiment_exported_and_imported_by_the_scheduler_and_exported_there_is_the_same_file()
    {
        await using var source = await databases.CreateDatabaseAsync(Cancel);
        await using var target = await databases.CreateEmptyDatabaseAsync(Cancel);
        var experiment = await AddExperimentAsync(source);

        await AssertEndsAsync(0, "sent.maelab: ", source, "export", $"{experiment}", "--out", InFolder("sent.maelab"));
        await AssertEndsAsync(0, "sample", target, "import", InFolder("sent.maelab"));
        await AssertEndsAsync(0, "again.maelab: ", target, "export", $"{experiment}", "--out", InFolder("again.maelab"));

        Assert.Equal(await File.ReadAllBytesAsync(InFolder("sent.maelab"), Cancel), await File.ReadAllBytesAsync(InFolder("again.maelab"), Cancel));
        Assert.Equal(["again.maelab", "sent.maelab"], _folder.GetFiles().Select(file => file.Name).Order());
    }

    [Fact]
    public async Task Scheduler_says_what_is_wrong_with_a_file_and_imports_nothing_of_it()
    {
        await using var database = await databases.CreateDatabaseAsync(Cancel);
        await File.WriteAllTextAsync(InFolder("photo.jpg"), "no archive", Cancel);

        await AssertEndsAsync(1, "there is no such file. Nothing was imported", database, "import", InFolder("missing.maelab"));
        await AssertEndsAsync(1, NoArchive, database, "import", InFolder("photo.jpg"));
        await AssertEndsAsync(2, "Usage: import FILE", database, "import");

        await using var db = database.Open();
        Assert.Empty(await db.Experiments.ToListAsync(Cancel));
    }

    [Fact]
    public async Task Scheduler_says_why_it_does_not_export_and_leaves_no_file()
    {
        await using var database = await databases.CreateDatabaseAsync(Cancel);
        var experiment = await AddExperimentAsync(database);
        await File.WriteAllTextAsync(InFolder("mine.maelab"), "mine", Cancel);

        await AssertEndsAsync(1, $"{Guid.Empty}", database, "export", $"{Guid.Empty}", "--out", InFolder("new.maelab"));
        await AssertEndsAsync(1, "is there already", database, "export", $"{experiment}", "--out", InFolder("mine.maelab"));
        await AssertEndsAsync(1, "cannot be written", database, "export", $"{experiment}", "--out", InFolder("nowhere/new.maelab"));
        await AssertEndsAsync(2, "Usage: export", database, "export", "sample", "--out", InFolder("new.maelab"));

        Assert.Equal("mine.maelab", Assert.Single(_folder.GetFiles()).Name);
        Assert.Equal("mine", await File.ReadAllTextAsync(InFolder("mine.maelab"), Cancel));
    }

    [Fact]
    public async Task One_process_program_imports_before_it_starts_and_keeps_what_it_imported()
    {
        await using var source = await databases.CreateDatabaseAsync(Cancel);
        var experiment = await AddExperimentAsync(source);
        await AssertEndsAsync(0, "sent.maelab: ", source, "export", $"{experiment}", "--out", InFolder("sent.maelab"));
        var port = FreePorts.Find(1);
        await using var program = ServiceProcess.Start(
            Programs.Local, port, new Dictionary<string, string>(), "--data", InFolder("data"), "--import", InFolder("sent.maelab"), "--urls", $"http://127.0.0.1:{port}");
        using var http = new HttpClient { BaseAddress = program.Address };
        await program.WaitUntilReadyAsync(http, Cancel);
        await program.StopAsync();

        Assert.Equal([experiment], await ExperimentsOfLocalAsync());
    }

    [Theory]
    [InlineData("missing.maelab", "there is no such file. Nothing was imported")]
    [InlineData("photo.jpg", NoArchive)]
    public async Task One_process_program_does_not_start_on_a_wrong_file(string file, string said)
    {
        await File.WriteAllTextAsync(InFolder("photo.jpg"), "no archive", Cancel);
        await using var program = ServiceProcess.Start(
            Programs.Local, FreePorts.Find(1), new Dictionary<string, string>(), "--data", InFolder("data"), "--import", InFolder(file));

        Assert.Equal(1, await program.WaitForEndAsync(Cancel));

        Assert.Contains(said, program.Output, StringComparison.Ordinal);
        Assert.Empty(await ExperimentsOfLocalAsync());
    }

    private static async Task<Guid> AddExperimentAsync(TestDatabase database)
    {
        await database.AddRunAsync(Cancel);
        await using var db = database.Open();
        // What is under way is ended by its import: nobody would go on with it.
        await db.Runs.ExecuteUpdateAsync(run => run.SetProperty(row => row.State, RunState.Completed), Cancel);
        await db.RunAttempts.ExecuteUpdateAsync(attempt => attempt.SetProperty(row => row.EndedAt, SampleRuns.Noon), Cancel);
        return await db.Experiments.Select(row => row.Id).SingleAsync(Cancel);
    }

    private async Task AssertEndsAsync(int code, string said, TestDatabase database, params string[] arguments)
    {
        var settings = ServiceSettings.Of(database.Options.ConnectionString, new Uri("amqp://nobody:nobody@127.0.0.1:9/"), _folder.FullName);
        await using var verb = ServiceProcess.Start(Programs.Scheduler, FreePorts.Find(1), settings, arguments);
        var ended = await verb.WaitForEndAsync(Cancel);
        Assert.True(code == ended, $"{string.Join(' ', arguments)} ended with {ended}. {verb.Output}");
        Assert.Contains(said, verb.Output, StringComparison.Ordinal);
    }

    private async Task<List<Guid>> ExperimentsOfLocalAsync()
    {
        var contexts = DatabaseFactory.Create(new() { Provider = StorageProvider.Sqlite, ConnectionString = StorageOptions.SqliteFile(InFolder("data/maelab.db")) });
        await using var db = await contexts.CreateDbContextAsync(Cancel);
        var found = await db.Experiments.Select(row => row.Id).ToListAsync(Cancel);
        DatabaseFactory.CloseIdleFiles();
        return found;
    }

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);
}
