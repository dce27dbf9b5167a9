using System.CommandLine;
using MaeLab.Contracts.Facts;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Data;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Runner;
using MaeLab.Runner.Verbs;
using MaeLab.Testing;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Messaging.Tests.Runner;

/// <summary>A folder of images of one's own, from the runner's settings to a completed run.</summary>
public sealed class RegisteredFolderTests : IDisposable
{
    private readonly SqliteFiles _databases;
    private readonly string _folder = Directory.CreateTempSubdirectory("maelab-photos-").FullName;

    public RegisteredFolderTests(SqliteFiles databases)
    {
        _databases = databases;

        // Names are enough to offer a data set and to plan runs on it.
        foreach (var path in Enumerable.Range(0, 300).Select(number => $"train/class{number % 3}/{number}.jpg").Append("val/class0/0.jpg"))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, path))!);
            File.WriteAllBytes(Path.Combine(_folder, path), []);
        }
    }

    private Dictionary<string, string> Folders => new() { ["photos"] = _folder };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Experiment_on_it_is_accepted_once_a_runner_offers_it_and_runs_there()
    {
        await using var lab = new Lab(await _databases.CreateDatabaseAsync(TestContext.Current.CancellationToken), broker: null)
        {
            OffersWhatIsFound = true,
            Settings = { ["Runner:DataFolders:photos"] = _folder, ["Runner:DataFolders:nothing"] = Path.Combine(_folder, "val") },
        };
        await lab.StartAsync(new FakeEngine());
        var offered = await Eventually.GetAsync("runner that has reported", async () =>
        {
            await using var db = lab.Database.Open();
            return await db.Runners.AsNoTracking().Select(runner => runner.Datasets).FirstOrDefaultAsync();
        });
        Assert.Contains("\"photos\"", offered, StringComparison.Ordinal);
        Assert.DoesNotContain("\"nothing\"", offered, StringComparison.Ordinal);

        var experiment = await lab.SubmitAsync("""{"name": "own", "base": {"dataset": {"name": "photos"}, "batchSize": 64}}""");

        await lab.Facts.WaitForAsync<ExperimentAccepted>(fact => fact.ExperimentId == experiment);
        await lab.WaitForAllAsync("completed", experiment, run => run.State == RunState.Completed);
    }

    [Fact]
    public void Recipe_file_may_name_it()
    {
        var path = Path.Combine(_folder, "recipe.json");
        File.WriteAllText(path, """{"dataset": {"name": "photos", "limit": 200}, "batchSize": 64}""");

        Assert.Equal(new DatasetChoice("photos", 200), RecipeFile.Read(path, new DatasetLocator(Folders).Catalog()).Value!.Dataset);
        Assert.Equal("dataset.name", Assert.Single(RecipeFile.Read(path, new DatasetLocator(new Dictionary<string, string>()).Catalog()).Errors).Field);
    }

    [Fact]
    public void Verb_train_tells_what_is_wrong_with_a_folder()
    {
        var recipe = Path.Combine(_folder, "recipe.json");
        File.WriteAllText(recipe, "{}");
        Directory.CreateDirectory(Path.Combine(_folder, "train", "empty"));

        var (code, _, error) = Run(new TrainVerb(), recipe, "--out", Path.Combine(_folder, "out"), "--data", $"photos={_folder}");

        Assert.Equal(1, code);
        Assert.Contains($"{Path.Combine(_folder, "train", "empty")}: this class has no images", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verb_download_tells_what_the_server_answers()
    {
        await using var server = await new FileServer().StartAsync();

        var (code, output, error) = Run(new DownloadVerb(), "mnist", "--out", _folder, "--url", server.Address.ToString().TrimEnd('/'));

        Assert.Equal((1, $"train-images-idx3-ubyte.gz: from {server.Address}train-images-idx3-ubyte.gz\n"), (code, output));
        Assert.StartsWith($"{server.Address}train-images-idx3-ubyte.gz: the server answers 404 Not Found", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere", "http://a.example")]
    [InlineData("mnist", "ftp://a.example")]
    [InlineData("mnist", "a")]
    public void Verb_download_refuses_other_names_and_addresses(string name, string address) =>
        Assert.Equal(1, Run(new DownloadVerb(), name, "--out", _folder, "--url", address).Code);

    [Fact]
    public void Cache_may_not_be_negative() =>
        Assert.Equal([nameof(RunnerOptions.CacheBytes)], new RunnerOptions { CacheBytes = -1 }.Check().Select(problem => problem.Key));

    private static (int Code, string Output, string Error) Run(Command verb, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var code = verb.Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
