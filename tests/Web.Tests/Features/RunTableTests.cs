using MaeLab.Domain.Runs;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Databases;
using MaeLab.Web.Access;
using MaeLab.Web.Features.Annotations;
using MaeLab.Web.Features.RunDiff;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Features.Views;
using MaeLab.Web.Tests.Sample;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Tests.Features;

/// <summary>What the table of runs reads, on both databases.</summary>
public abstract class RunTableTests(ITestDatabases databases) : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private Guid _experiment;
    private IReadOnlyList<Guid> _runs = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SampleExperiment Samples => new(_database.Contexts, TimeProvider.System);

    private RunGroupReader Groups => new(_database.Contexts);

    private RunTableReader Table => new(
        new(_database.Contexts), Groups, new(_database.Contexts, Metrics, new(new(_database.Contexts), Metrics)), new(_database.Contexts));

    private MetricReader Metrics => new(_database.Contexts);

    public async ValueTask InitializeAsync()
    {
        _database = await databases.CreateDatabaseAsync(Cancel);
        (_experiment, _runs) = await Samples.AddAsync(
            index => index < 3 ? RunState.Failed : RunState.Queued, Cancel, """{"name":"table","axes":{"maskSampler":["random","grid"],"decoder.depth":[2,8],"clipNorm":[null,1],"seed":[0,1]}}""");
        await Samples.AddAsync(_ => RunState.Queued, Cancel, """{"name":"other","preset":"micro","base":{"decoder":{"depth":1}}}""");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("experiment", "other 1 | table 16")]
    [InlineData("state", "Queued 14 | Failed 3")]
    [InlineData("decoder.depth", "Decoder depth 1 1 | Decoder depth 2 8 | Decoder depth 8 8")]
    [InlineData("maskSampler", "Mask sampling grid 8 | Mask sampling random 9")]
    [InlineData("clipNorm", "Gradient clip 1 8 | Gradient clip none 9")]
    [InlineData("evaluation.linearProbe", "Linear probe true 17")]
    [InlineData("patchSize", "Patch size 4 17")]
    public async Task Groups_count_all_runs_and_find_each_of_them_again(string by, string expected)
    {
        var groups = await Groups.ReadAsync(new(), by, Cancel);

        Assert.Equal(expected, string.Join(" | ", groups.Select(group => $"{group.Label} {group.Count}")));
        foreach (var group in groups)
        {
            Assert.Equal(group.Count, await new RunReader(_database.Contexts).CountAsync(group.Filter, Cancel));
        }
    }

    [Fact]
    public async Task Cells_are_groups_with_their_levels_as_name()
    {
        var groups = await Groups.ReadAsync(new(_experiment), RunGroupReader.ByCell, Cancel);

        Assert.Equal(8, groups.Count);
        Assert.Equal("table: Mask sampling random · Decoder depth 2 · Gradient clip none", groups[0].Label);
        Assert.All(groups, group => Assert.Equal(2, group.Count));
        Assert.Equal(2, await new RunReader(_database.Contexts).CountAsync(groups[3].Filter, Cancel));
    }

    [Fact]
    public async Task Lines_of_an_open_group_stand_below_it_in_order_with_their_values()
    {
        var view = Read("group=decoder.depth&open=8&sort=maskSampler&columns=maskSampler,clipNorm,decoder.depth,best:train/loss");
        var layout = await Table.LayOutAsync(view, Cancel);

        var lines = await Table.LinesAsync(view, layout, view.Columns, 0, 100, Cancel);

        Assert.Equal([0, 1, 2, .. Enumerable.Range(3, 8)], lines.Select(line => line.Index));
        Assert.Equal(["Decoder depth 1", "Decoder depth 2", "Decoder depth 8"], lines.Take(3).Select(line => line.Group!.Label));
        Assert.Equal(["grid", "random"], lines.Skip(3).Select(line => (string)line.Run!.Columns!["maskSampler"]!).Distinct());
        Assert.All(lines.Skip(3), line => Assert.Equal(8, (int)line.Run!.Columns!["decoder.depth"]!));
        Assert.Equal(lines.Skip(5).Take(4).Select(line => line.Run!.Id), await Table.IdsAsync(view, layout, 5, 4, Cancel));
    }

    [Fact]
    public async Task Windows_by_place_are_parts_of_the_whole_also_beyond_the_runs_without_a_value()
    {
        var view = Read("sort=loss");
        var reader = new RunReader(_database.Contexts);
        var whole = await reader.IdsAsync(view.Filter, RunOrder.Parse("clipNorm")!, 0, 100, Cancel);

        Assert.Equal(17, whole.Distinct().Count());
        foreach (var skip in new[] { 0, 5, 7, 8, 9, 16, 17 })
        {
            Assert.Equal(whole.Skip(skip).Take(4), await reader.IdsAsync(view.Filter, RunOrder.Parse("clipNorm")!, skip, 4, Cancel));
        }
    }

    [Fact]
    public async Task Only_those_fields_differ_in_which_the_runs_differ()
    {
        var differing = new DifferingFields(_database.Contexts);

        Assert.Equal(["clipNorm", "decoder.depth", "maskSampler", "seed"], (await differing.FindAsync(new(_experiment), Cancel)).Order());
        Assert.Equal(["seed"], await differing.FindAsync(new(_experiment, Cell: 2), Cancel));
        Assert.Empty(await differing.FindAsync(new(Text: "nothing is called so"), Cancel));
        Assert.Contains("encoder.width", await differing.FindAsync(new(), Cancel));
        Assert.Equal(["state", "decoder.depth"], (await Table.ColumnsAsync(Read($"experiment={_experiment}&differing=true&columns=state,decoder.depth,epochs"), Cancel)).Select(column => column.Word));
    }

    [Fact]
    public async Task Comparison_tells_what_differs_and_which_is_best()
    {
        var diff = await new RunDiffReader(_database.Contexts, new(_database.Contexts)).ReadAsync([_runs[2], _runs[0], _runs[1], Guid.NewGuid()], Cancel);

        Assert.Equal([_runs[2], _runs[0], _runs[1]], diff.Runs.Select(run => run.Id));
        Assert.Equal(["Gradient clip", "Seed"], diff.Fields.Where(field => field.Differs).Select(field => field.Field.Label));
        var clip = diff.Fields.Single(field => field.Field.Path == "clipNorm");
        Assert.Equal([true, false, false], Enumerable.Range(0, 3).Select(clip.IsOdd));
        Assert.All(diff.Metrics, metric => Assert.Equal(3, metric.Values.Count));
    }

    [Fact]
    public async Task What_people_say_is_kept_and_tags_are_known()
    {
        var store = new AnnotationStore(_database.Contexts, Gate, Audit);

        Assert.Equal(2, await store.ChangeRunsAsync(Actor.LocalPerson, [_runs[0], _runs[1], Guid.NewGuid()], said => said with { Tags = [.. said.Tags, "b", "a", "b"] }, Cancel));
        await store.ChangeRunsAsync(Actor.LocalPerson, [_runs[0]], said => said with { Tags = [.. said.Tags.Except(["a"]), "C"], Note = "odd" }, Cancel);
        await store.ChangeExperimentAsync(Actor.LocalPerson, _experiment, said => said with { Note = "all" }, Cancel);

        Assert.Equal(["b", "C"], (await store.FindAsync(_runs[0], Cancel)).Tags);
        Assert.Equal(("odd", false), ((await store.FindAsync(_runs[0], Cancel)).Note, (await store.FindAsync(_runs[0], Cancel)).Archived));
        Assert.Equal("all", (await store.FindAsync(_experiment, Cancel)).Note);
        Assert.Equal(["a", "b", "C"], await store.TagsAsync(Cancel));
        Assert.Equal(Annotation.None, await store.FindAsync(_runs[5], Cancel));
    }

    [Fact]
    public async Task Two_who_say_something_first_at_once_are_both_heard()
    {
        var store = new AnnotationStore(_database.Contexts, Gate, Audit);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => store.ChangeRunsAsync(Actor.LocalPerson, [_runs[3]], said => said with { Note = $"{i}" }, Cancel), Cancel)));

        Assert.Contains((await store.FindAsync(_runs[3], Cancel)).Note, Enumerable.Range(0, 6).Select(i => $"{i}"));
    }

    [Fact]
    public async Task Views_have_names_of_their_own()
    {
        var store = new SavedViewStore(_database.Contexts, Gate, Audit, TimeProvider.System);
        var view = (await store.AddAsync(Actor.LocalPerson, "failed", "state=failed", Cancel))!;

        Assert.Null(await store.AddAsync(Actor.LocalPerson, "failed", "", Cancel));
        var other = (await store.AddAsync(Actor.LocalPerson, "Best", "sort=-linearAccuracy", Cancel))!;
        Assert.False(await store.ChangeAsync(Actor.LocalPerson, other.Id, "failed", null, Cancel));
        Assert.True(await store.ChangeAsync(Actor.LocalPerson, view.Id, "zzz", null, Cancel));
        Assert.Equal(["Best", "zzz"], (await store.ListAsync(Cancel)).Select(saved => saved.Name));
        Assert.Equal("state=failed", (await store.FindAsync(view.Id, Cancel))!.Query);
        Assert.True(await store.DeleteAsync(Actor.LocalPerson, view.Id, Cancel));
        Assert.False(await store.ChangeAsync(Actor.LocalPerson, view.Id, "again", null, Cancel));
    }

    private ChangeGate Gate => new(Options.Create(new WebOptions()), _database.Contexts);

    private AuditLog Audit => new(_database.Contexts, TimeProvider.System);

    private static RunTableView Read(string query) =>
        RunTableView.Read(query.Split('&').Select(part => part.Split('=', 2)).ToLookup(part => part[0], part => part[1]));
}

public sealed class RunTableOnPostgres(PostgresServer databases) : RunTableTests(databases);

public sealed class RunTableOnSqlite(SqliteFiles databases) : RunTableTests(databases);
