using System.Net;
using MaeLab.Storage.Archives;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Nodes;
using MaeLab.Testing.Ring;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.System.Tests;

/// <summary>The one-process program over an archive, as somebody who was sent the file starts it.</summary>
public sealed class OpenedArchiveTests(PostgresServer databases, Chromium chromium) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maelab-archive-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Archive_is_opened_and_its_experiment_drawn()
    {
        var (archive, experiment) = await ExportAsync();
        var port = FreePorts.Find(1);
        await using var program = ServiceProcess.Start(Programs.Local, port, new Dictionary<string, string> { ["Web__Token"] = ServiceSettings.Authorization.Parameter! }, "--open", archive, "--urls", $"http://127.0.0.1:{port}");
        using var http = new HttpClient { BaseAddress = program.Address, DefaultRequestHeaders = { Authorization = ServiceSettings.Authorization } };
        await program.WaitUntilReadyAsync(http, Cancel);
        await using var browser = await chromium.OpenAsync(await program.OpenDoorAsync(Cancel));

        await browser.GoAsync($"/experiments/{experiment}");

        await Microsoft.Playwright.Assertions.Expect(browser.Page.GetByTestId("readonly")).ToContainTextAsync("Opened read-only: sample-study.");
        await Microsoft.Playwright.Assertions.Expect(browser.Page.Locator("h1")).ToHaveTextAsync("sample");
        Assert.Empty(browser.Problems);
        using var refused = await http.PostAsync($"api/v1/experiments/{experiment}/cancel", null, Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        await program.StopAsync();
    }

    [Fact]
    public async Task Folder_of_a_killed_program_is_removed_by_the_next_one_and_that_of_a_living_one_stays()
    {
        var (archive, _) = await ExportAsync();
        var folders = Directory.CreateDirectory(Path.Combine(_folder.FullName, "temporary"));
        await using var living = await OpenAsync(archive, folders);
        var livings = Assert.Single(folders.GetDirectories("maelab-open-*"));
        await using (var killed = await OpenAsync(archive, folders))
        {
            await killed.KillAsync();
        }

        Assert.Equal(2, folders.GetDirectories("maelab-open-*").Length);
        await using var next = await OpenAsync(archive, folders);

        var left = folders.GetDirectories("maelab-open-*").Select(folder => folder.Name).ToList();
        Assert.Equal(2, left.Count);
        Assert.Contains(livings.Name, left);
        await next.StopAsync();
        Assert.Equal([livings.Name], folders.GetDirectories("maelab-open-*").Select(folder => folder.Name));
        await living.StopAsync();
        Assert.Empty(folders.GetDirectories("maelab-open-*"));
    }

    [Fact]
    public async Task File_that_is_no_archive_ends_the_program_with_a_reason()
    {
        var file = Path.Combine(_folder.FullName, "photo.jpg");
        await File.WriteAllTextAsync(file, "no archive", Cancel);
        await using var program = ServiceProcess.Start(Programs.Local, FreePorts.Find(1), new Dictionary<string, string>(), "--open", file);

        Assert.Equal(1, await program.WaitForEndAsync(Cancel));
        Assert.Contains("is no MaeLab archive, or was cut off on its way.", program.Output, StringComparison.Ordinal);
    }

    /// <summary>Ready, with a folder of its own for what is temporary.</summary>
    private static async Task<ServiceProcess> OpenAsync(string archive, DirectoryInfo temporary)
    {
        var port = FreePorts.Find(1);
        var program = ServiceProcess.Start(Programs.Local, port, new Dictionary<string, string> { ["TMPDIR"] = temporary.FullName }, "--open", archive, "--urls", $"http://127.0.0.1:{port}");
        using var http = new HttpClient { BaseAddress = program.Address };
        await program.WaitUntilReadyAsync(http, Cancel);
        return program;
    }

    private async Task<(string Path, Guid Experiment)> ExportAsync()
    {
        await using var database = await databases.CreateDatabaseAsync(Cancel);
        await database.AddRunAsync(Cancel);
        await using var db = database.Open();
        var experiment = await db.Experiments.Select(row => row.Id).SingleAsync(Cancel);
        var path = Path.Combine(_folder.FullName, "sample-study" + ArchiveFormat.Extension);
        await using var file = File.Create(path);
        await new ExperimentExport(database.Contexts).WriteAsync(experiment, CheckpointChoice.None, file, Cancel);
        return (path, experiment);
    }
}
