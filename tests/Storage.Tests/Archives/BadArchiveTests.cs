using System.Text;
using System.Text.Json.Nodes;
using MaeLab.Storage.Archives;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests.Archives;

/// <summary>An archive that is not as it should be: what is wrong is said, and nothing imported.</summary>
public sealed class BadArchiveTests(SqliteFiles databases) : DatabaseTests(databases)
{
    private static readonly Dictionary<string, (Action<Dictionary<string, byte[]>, JsonObject> Change, string Message)> s_cases = new()
    {
        ["another format"] = ((_, manifest) => manifest["format"] = 2, "manifest.json: has format 2; this program reads 1. Use a newer MaeLab."),
        ["no format"] = ((_, manifest) => manifest.Remove("format"), "manifest.json: does not say its format: this is no MaeLab archive."),
        ["unknown member"] = ((_, manifest) => manifest["more"] = 1, "manifest.json: cannot be read: "),
        ["member missing"] = ((_, manifest) => manifest.Remove("schema"), "manifest.json: cannot be read: "),
        ["entry missing"] = ((entries, _) => entries.Remove("run_logs.jsonl"), "run_logs.jsonl: is in the manifest, but not in the file."),
        ["entry too many"] = ((entries, _) => entries["../../etc/passwd"] = [1], "../../etc/passwd: is not in the manifest."),
        ["entry that nothing needs"] = ((entries, manifest) => Add(entries, manifest, "images/000099.png"), "images/000099.png: belongs to nothing in this archive."),
        ["path trick in the manifest"] = ((entries, manifest) => Add(entries, manifest, "../../etc/cron.d/x"), "../../etc/cron.d/x: belongs to nothing in this archive."),
        ["unknown table"] = ((_, manifest) => manifest["parts"]![1]!["table"] = "wishes", "manifest.json: has a table 'wishes', which this program does not know. It was written by MaeLab "),
        ["unknown column"] = ((_, manifest) => manifest["parts"]![2]!["columns"]![0] = "colour", "manifest.json: has a column 'colour' of the table 'runs', which this program does not know."),
        ["table twice"] = ((_, manifest) => manifest["parts"]![2]!["table"] = "experiments", "manifest.json: has the table 'experiments' in the wrong place, or twice."),
        ["no runs"] = ((entries, manifest) => Drop(entries, manifest, 2, "runs.jsonl"), "run_attempts.jsonl, line 1, run_id: it refers to "),
        ["two experiments"] = ((entries, manifest) =>
        {
            entries.Replace("experiments.jsonl", text => text + text);
            manifest["parts"]![0]!["rows"] = 2;
        }, "manifest.json: has 2 experiments; an archive holds one."),
        ["another experiment than it says"] = ((_, manifest) => manifest["experiment"]!["id"] = Guid.Empty, "manifest.json: tells of the experiment "),
        ["row too few"] = ((entries, _) => entries.Replace("run_logs.jsonl", text => text[(text.IndexOf('\n') + 1)..].Replace("\"id\":2", "\"id\":1")), "run_logs.jsonl"),
        ["count too high"] = ((_, manifest) => manifest["parts"]![3]!["rows"] = 1000, "run_attempts.jsonl: has 4 rows, and 1000 by the manifest."),
        ["line without end"] = ((entries, _) => entries.Replace("runs.jsonl", text => text.TrimEnd('\n')), "runs.jsonl: ends within a line."),
        ["no JSON"] = ((entries, _) => entries.Replace("runs.jsonl", text => "x" + text), "runs.jsonl, line 1: is no JSON: "),
        ["no UTF-8"] = ((entries, _) => entries["runs.jsonl"][^5] = 0xA5, "runs.jsonl, line "),
        ["half a character"] = ((entries, _) => entries.Replace("runs.jsonl", text => text.Replace("\"dataset\":\"", "\"dataset\":\"\\ud800")), "runs.jsonl, line 1, dataset: half a character"),
        ["no object"] = ((entries, _) => entries.Replace("runs.jsonl", text => "[]\n" + text), "runs.jsonl, line 1: is no JSON object."),
        ["member of a row missing"] = ((entries, _) => entries.Replace("runs.jsonl", text => text.Replace("\"seed\":", "\"sead\":")), "runs.jsonl, line 1: must have the members "),
        ["wrong type"] = ((entries, _) => entries.Replace("runs.jsonl", text => text.Replace("\"index\":0", "\"index\":\"0\"")), "runs.jsonl, line 1, index: \"0\" is no Int32."),
        ["null where there must be a value"] = ((entries, _) => entries.Replace("runs.jsonl", text => text.Replace("\"index\":0", "\"index\":null")), "runs.jsonl, line 1, index: null where there must be a value."),
        ["unknown word"] = ((entries, _) => entries.Replace("runs.jsonl", text => text.Replace("\"device\":\"", "\"device\":\"x")), "runs.jsonl, line 1, device: "),
        ["reference to nothing"] = ((entries, _) => entries.Replace("metric_chunks.jsonl", text => text.Replace("\"series_id\":1,", "\"series_id\":77,")), "metric_chunks.jsonl, line 1, series_id: it refers to 77, which no row before it is."),
        ["wrong number"] = ((entries, _) => entries.Replace("series.jsonl", text => text.Replace("\"id\":2,", "\"id\":3,")), "series.jsonl, line 2, id: rows are numbered from 1; this one must be 2."),
        ["row twice"] = ((entries, manifest) =>
        {
            entries.Replace("point_ledgers.jsonl", text => text + text);
            manifest["parts"]![8]!["rows"] = 8;
        }, "point_ledgers.jsonl: has a row that the database refuses: "),
        ["numbers too few"] = ((entries, _) => entries["metric_chunks.values.f64"] = entries["metric_chunks.values.f64"][..^8], "metric_chunks.values.f64: has too few bytes: "),
        ["numbers too many"] = ((entries, _) => entries["metric_chunks.values.f64"] = [.. entries["metric_chunks.values.f64"], 0, 0, 0, 0, 0, 0, 0, 0], "metric_chunks.values.f64: has 8 bytes more than its rows tell of."),
        ["absurd count of numbers"] = ((entries, _) => entries.Replace("metric_chunks.jsonl", text => System.Text.RegularExpressions.Regex.Replace(text, "\"values\":\\d+", "\"values\":2000000000")), "metric_chunks.jsonl, line 1, values: 2000000000 is no count of numbers from 0 to 65536."),
        ["file out of turn"] = ((entries, _) => entries.Replace("images.jsonl", text => text.Replace("\"png\":1,", "\"png\":9,")), "images.jsonl, line 1, png: 9 is no file: it must be one from 1 to 1."),
        ["checkpoint of another content"] = ((entries, _) => entries["checkpoints/000001.safetensors"][0] ^= 1, "checkpoints/000001.safetensors: is not the checkpoint "),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Archive_that_is_wrong_says_what_and_where(string which)
    {
        await using var target = await databases.CreateDatabaseAsync(Cancel);
        var archive = await SampleAsync();

        var refused = await Assert.ThrowsAsync<ArchiveException>(() => target.ImportAsync(ArchiveBytes.Change(archive, s_cases[which].Change)));

        Assert.StartsWith(s_cases[which].Message, refused.Message, StringComparison.Ordinal);
        await AssertEmptyAsync(target);
    }

    [Fact]
    public async Task Unchanged_archive_is_taken()
    {
        await using var target = await databases.CreateDatabaseAsync(Cancel);

        Assert.True((await target.ImportAsync(ArchiveBytes.Change(await SampleAsync(), (_, _) => { }))).Imported);
    }

    [Fact]
    public async Task Content_that_was_changed_on_the_way_is_damaged()
    {
        await using var target = await databases.CreateDatabaseAsync(Cancel);
        var entries = ArchiveBytes.Entries(await SampleAsync());
        entries.Replace("experiments.jsonl", text => text.Replace("\"priority\":", "\"priority\":").Replace("T", "t"));

        var refused = await Assert.ThrowsAsync<ArchiveException>(() => target.ImportAsync(ArchiveBytes.Pack(entries)));

        Assert.StartsWith("experiments.jsonl", refused.Message, StringComparison.Ordinal);
        await AssertEmptyAsync(target);
    }

    [Fact]
    public async Task Entry_that_is_there_twice_is_refused()
    {
        await using var target = await databases.CreateDatabaseAsync(Cancel);
        var entries = ArchiveBytes.Entries(await SampleAsync());

        var refused = await Assert.ThrowsAsync<ArchiveException>(() => target.ImportAsync(ArchiveBytes.Pack(entries.Append(new("runs.jsonl", [])))));

        Assert.Equal("runs.jsonl: is there twice.", refused.Message);
    }

    /// <summary>As a zip bomb does: a little that says to be less than it is.</summary>
    [Fact]
    public async Task Entry_that_unpacks_to_more_than_it_says_is_not_read_further()
    {
        await using var target = await databases.CreateDatabaseAsync(Cancel);
        var archive = ArchiveBytes.Change(await SampleAsync(), (entries, _) => entries.Replace("runs.jsonl", text => text + new string('\n', 5_000_000)));
        var said = Encoding.ASCII.GetBytes("runs.jsonl");
        var length = ArchiveBytes.Entries(archive)["runs.jsonl"].Length;
        var directory = archive.AsSpan().LastIndexOf(said) - 46;
        Assert.Equal(length, BitConverter.ToInt32(archive, directory + 24));
        BitConverter.TryWriteBytes(archive.AsSpan(directory + 24), 1000);

        var refused = await Assert.ThrowsAsync<ArchiveException>(() => target.ImportAsync(archive));

        Assert.Equal($"runs.jsonl: has 1000 bytes, and {length} by the manifest.", refused.Message);
    }

    [Fact]
    public async Task Column_that_an_older_archive_does_not_have_is_that_of_a_new_row()
    {
        await using var target = await databases.CreateDatabaseAsync(Cancel);
        var older = ArchiveBytes.Change(await SampleAsync(), (entries, manifest) =>
        {
            var columns = manifest["parts"]![2]!["columns"]!.AsArray();
            columns.RemoveAt(columns.Select(column => (string)column!).ToList().IndexOf("losses"));
            entries.Replace("runs.jsonl", text => System.Text.RegularExpressions.Regex.Replace(text, "\"losses\":\\d+,", ""));
        });

        await target.ImportAsync(older);

        await using var after = target.Open();
        Assert.All(await after.Runs.ToListAsync(Cancel), run => Assert.Equal(0, run.Losses));
    }

    [Fact]
    public async Task Any_damage_is_told_or_changes_nothing()
    {
        await using var target = await databases.CreateDatabaseAsync(Cancel);
        var archive = await SampleAsync();
        var entries = ArchiveBytes.Entries(archive);
        var (random, taken, refused) = (new Random(7), 0, 0);
        foreach (var damaged in Enumerable.Range(0, 150).Select(i => archive[..(int)((long)archive.Length * i / 150)])
            .Concat(Enumerable.Range(0, 450).Select(_ => Flip(archive, random))))
        {
            try
            {
                var imported = await target.ImportAsync(damaged);
                Assert.Equal(entries, ArchiveBytes.Entries(await target.ExportAsync(imported.Id)));
                taken++;
                await using var db = target.Open();
                await db.Experiments.ExecuteDeleteAsync(Cancel);
                await db.Runners.ExecuteDeleteAsync(Cancel);
            }
            catch (ArchiveException)
            {
                refused++;
            }

            await AssertEmptyAsync(target);
        }

        Assert.Equal(600, taken + refused);
        Assert.InRange(refused, 400, 600);
    }

    private static byte[] Flip(byte[] archive, Random random)
    {
        var damaged = archive.ToArray();
        damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
        return damaged;
    }

    private async Task<byte[]> SampleAsync()
    {
        await using var db = Database.Open();
        await db.Experiments.ExecuteDeleteAsync(Cancel);
        // Two runs of two attempts each.
        return await Database.ExportAsync(await new RandomExperiment(Database, 5).AddAsync(Cancel));
    }

    private static async Task AssertEmptyAsync(TestDatabase database)
    {
        await using var db = database.Open();
        Assert.Equal((0, 0, 0, 0), (await db.Experiments.CountAsync(Cancel), await db.Runs.CountAsync(Cancel), await db.Runners.CountAsync(Cancel), await db.Checkpoints.CountAsync(Cancel)));
    }

    private static void Add(Dictionary<string, byte[]> entries, JsonObject manifest, string name)
    {
        entries[name] = [1];
        manifest["entries"]!.AsArray().Add(new JsonObject { ["name"] = name, ["length"] = 1, ["sha256"] = "" });
    }

    private static void Drop(Dictionary<string, byte[]> entries, JsonObject manifest, int part, string name)
    {
        entries.Remove(name);
        manifest["parts"]!.AsArray().RemoveAt(part);
        var said = manifest["entries"]!.AsArray();
        said.RemoveAt(said.Select(entry => (string)entry!["name"]!).ToList().IndexOf(name));
    }
}
