using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Archives;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Nodes;
using MaeLab.Testing.Ring;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.System.Tests;

/// <summary>The studies that come with the one-process program: there, whole, and found from anywhere.</summary>
public sealed class ShippedStudyTests(PostgresServer databases) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maelab-studies-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>In the repository, so that one which is not shipped is noticed.</summary>
    public static TheoryData<string> Studies { get; } =
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "compose", "Local", "studies"), "*" + ArchiveFormat.Extension).Select(file => Path.GetFileNameWithoutExtension(file)!)];

    private static string Program => Path.Combine(Repository.Root, "compose", "Local", "bin", Repository.Configuration, "net10.0", "MaeLab.Local.dll");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Studies))]
    public async Task Study_is_opened_by_its_name_from_another_folder(string study)
    {
        var port = FreePorts.Find(1);
        var settings = new Dictionary<string, string> { ["Web__Token"] = ServiceSettings.Authorization.Parameter! };
        await using var program = ServiceProcess.StartPublished(
            Program, port, settings, ["env", $"--chdir={_folder.FullName}"], "--open", $"studies/{study}", "--urls", $"http://127.0.0.1:{port}");
        using var http = new HttpClient { BaseAddress = program.Address, DefaultRequestHeaders = { Authorization = ServiceSettings.Authorization } };

        await program.WaitUntilReadyAsync(http, Cancel);

        Assert.Contains("was imported with", program.Output, StringComparison.Ordinal);
        await program.StopAsync();
    }

    [Theory]
    [MemberData(nameof(Studies))]
    public async Task Study_has_its_36_runs_each_with_24_theory_probes_of_its_checkpoint(string study)
    {
        await using var database = await databases.CreateDatabaseAsync(Cancel);

        await new ExperimentImport(database.Contexts).ReadFileAsync(Path.Combine(Path.GetDirectoryName(Program)!, "studies", study + ArchiveFormat.Extension), Cancel);

        await using var db = database.Open();
        var runs = await db.Runs.Select(run => run.Id).ToListAsync(Cancel);
        var jobs = await db.RunsAndJobs.Where(run => run.Kind == RunKind.Theory).ToDictionaryAsync(job => job.Id, job => job.SubjectRunId!.Value, Cancel);
        Assert.Equal(36, runs.Count);
        Assert.Equal(runs.Order(), jobs.Values.Order());
        var series = (await db.Series.ToListAsync(Cancel)).ToLookup(row => row.RunId, row => row.Name);
        var results = (await db.ProbeResults.ToListAsync(Cancel)).ToLookup(row => row.RunId, row => row.Probe);
        Assert.All(jobs.Keys, job =>
        {
            Assert.Equal(24, series[job].Count(name => name.StartsWith(SeriesNames.TheoryGroup, StringComparison.Ordinal)));
            Assert.Equal(series[job].Order(), results[job].Order());
        });
        Assert.All(runs, run => Assert.Superset(new HashSet<string> { SeriesNames.TrainLoss, SeriesNames.LinearAccuracy }, series[run].ToHashSet()));
        Assert.All(await db.RunsAndJobs.ToListAsync(Cancel), run => Assert.Equal(RunState.Completed, run.State));
    }
}
