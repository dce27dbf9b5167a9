using CsCheck;
using MaeLab.Storage.Archives;
using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Model;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests.Archives;

/// <summary>What goes into an archive comes out of it, from either database into either.</summary>
public abstract class ArchiveRoundTripTests(ITestDatabases from, ITestDatabases to)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_experiment_exported_imported_and_exported_again_is_the_same_bytes()
    {
        await using var source = await from.CreateDatabaseAsync(Token);
        await using var target = await to.CreateDatabaseAsync(Token);
        await Gen.Int[0, int.MaxValue].SampleAsync(
            async seed =>
            {
                var id = await new RandomExperiment(source, seed).AddAsync(Token);
                var archive = await source.ExportAsync(id);
                Assert.Equal(archive, await source.ExportAsync(id));

                var imported = await target.ImportAsync(archive);

                Assert.Equal((id, true), (imported.Id, imported.Imported));
                var again = await target.ExportAsync(id);
                foreach (var (name, content) in ArchiveBytes.Entries(archive))
                {
                    Assert.Equal((name, Convert.ToHexString(content)), (name, Convert.ToHexString(ArchiveBytes.Entries(again)[name])));
                }

                Assert.Equal(archive, again);
            },
            iter: 12, threads: 1);
    }

    [Fact]
    public async Task Rows_are_what_they_were()
    {
        await using var source = await from.CreateDatabaseAsync(Token);
        await using var target = await to.CreateDatabaseAsync(Token);
        // Others are there already, whose series and lines have the numbers.
        await new RandomExperiment(target, 1).AddAsync(Token);
        var id = await new RandomExperiment(source, 2).AddAsync(Token);

        await target.ImportAsync(await source.ExportAsync(id));

        await using var before = source.Open();
        await using var after = target.Open();
        foreach (var run in await before.Runs.ToListAsync(Token))
        {
            var (there, here) = (await ChunksAsync(after, run.Id), await ChunksAsync(before, run.Id));
            Assert.Equal(here.Select(chunk => Bits(chunk.Values)), there.Select(chunk => Bits(chunk.Values)));
            Assert.Equal(here.Select(chunk => chunk.Steps), there.Select(chunk => chunk.Steps));
            Assert.Equal(
                await before.RunLogs.Where(line => line.RunId == run.Id).OrderBy(line => line.Id).Select(line => line.Text).ToListAsync(Token),
                await after.RunLogs.Where(line => line.RunId == run.Id).OrderBy(line => line.Id).Select(line => line.Text).ToListAsync(Token));
            Assert.Equal(
                await before.Images.Where(image => image.RunId == run.Id).OrderBy(image => image.Id).Select(image => image.Png).ToListAsync(Token),
                await after.Images.Where(image => image.RunId == run.Id).OrderBy(image => image.Id).Select(image => image.Png).ToListAsync(Token));
            var annotation = await after.Annotations.SingleAsync(row => row.RunId == run.Id, Token);
            Assert.Equivalent(await before.Annotations.SingleAsync(row => row.RunId == run.Id, Token), annotation, strict: true);
        }
    }

    [Theory]
    [InlineData(CheckpointChoice.None)]
    [InlineData(CheckpointChoice.Final)]
    [InlineData(CheckpointChoice.All)]
    public async Task Checkpoints_that_are_chosen_come_along_and_can_be_read(CheckpointChoice choice)
    {
        await using var source = await from.CreateDatabaseAsync(Token);
        await using var target = await to.CreateDatabaseAsync(Token);
        var id = await new RandomExperiment(source, 3).AddAsync(Token);
        await using var before = source.Open();
        var expected = await before.Checkpoints
            .Where(row => row.Complete && (choice == CheckpointChoice.All || (choice == CheckpointChoice.Final && row.Final)))
            .Select(row => row.Id).Order().ToListAsync(Token);

        await target.ImportAsync(await source.ExportAsync(id, choice));

        await using var after = target.Open();
        Assert.Equal(expected, await after.Checkpoints.Select(row => row.Id).Order().ToListAsync(Token));
        Assert.Equal(choice == CheckpointChoice.None, expected.Count == 0);
        foreach (var checkpoint in expected)
        {
            using var content = new MemoryStream();
            await new CheckpointStore(target.Contexts, TimeProvider.System).CopyToAsync(checkpoint, content, Token);
            Assert.NotEqual(0, content.Length);
        }
    }

    private static Task<List<MetricChunkRow>> ChunksAsync(MaeLabDb db, Guid run) =>
        (from chunk in db.MetricChunks
         join series in db.Series on chunk.SeriesId equals series.Id
         where series.RunId == run
         orderby series.Name == "train/loss", chunk.Attempt
         select chunk).AsNoTracking().ToListAsync(Token);

    private static long[] Bits(double[] values) => [.. values.Select(BitConverter.DoubleToInt64Bits)];
}

public sealed class ArchiveFromSqliteToSqlite(SqliteFiles files) : ArchiveRoundTripTests(files, files);

public sealed class ArchiveFromSqliteToPostgres(SqliteFiles files, PostgresServer server) : ArchiveRoundTripTests(files, server);

public sealed class ArchiveFromPostgresToSqlite(SqliteFiles files, PostgresServer server) : ArchiveRoundTripTests(server, files);

public sealed class ArchiveFromPostgresToPostgres(PostgresServer server) : ArchiveRoundTripTests(server, server);
