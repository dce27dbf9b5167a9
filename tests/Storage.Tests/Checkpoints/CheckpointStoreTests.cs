using System.Security.Cryptography;
using MaeLab.Domain.Recipes;
using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Model;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests.Checkpoints;

public abstract class CheckpointStoreTests(ITestDatabases databases) : DatabaseTests(databases)
{
    private const int Piece = 4 * 1024 * 1024;

    private static readonly CheckpointPlan s_newest = new(EveryEpochs: 1, KeepLast: 1);

    private CheckpointStore Store => new(Database.Contexts, TimeProvider.System);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Piece - 1)]
    [InlineData(Piece)]
    [InlineData(Piece + 1)]
    public async Task Content_comes_back_whole(int size)
    {
        var content = Content(size);
        // A stream that gives less than asked for, as networks and pipes do.
        var saved = await SaveAsync(new Trickle(content), step: 7);

        Assert.Equal((size, Convert.ToHexStringLower(SHA256.HashData(content)), true), (saved.SizeBytes, saved.Sha256, saved.Complete));
        var listed = Assert.Single(await Store.ListAsync(Run, Token));
        Assert.Equal((saved.Id, saved.Sha256, saved.SizeBytes, 7L), (listed.Id, listed.Sha256, listed.SizeBytes, listed.Step));
        Assert.Equal(content, await ReadAsync(saved.Id));
        await using var db = Database.Open();
        Assert.Equal((size + Piece - 1) / Piece, await db.CheckpointChunks.CountAsync(Token));
    }

    [Fact]
    public async Task Saving_the_same_id_again_changes_nothing_and_reads_no_content()
    {
        var first = await SaveAsync(new MemoryStream([1, 2, 3]));

        var again = await Store.SaveAsync(first.Id, Run, 1, 1, 0, false, new BrokenStream([]), Token);

        Assert.Equal(first.Sha256, again.Sha256);
        Assert.Equal([1, 2, 3], await ReadAsync(first.Id));
    }

    [Fact]
    public async Task A_save_whose_source_breaks_leaves_nothing_and_can_be_repeated()
    {
        var id = Guid.CreateVersion7();

        await Assert.ThrowsAsync<IOException>(() => Store.SaveAsync(id, Run, 1, 1, 0, false, new BrokenStream(Content(Piece + 5)), Token));

        Assert.Empty(await Store.ListAsync(Run, Token));
        await using (var db = Database.Open())
        {
            Assert.Empty(await db.Checkpoints.ToListAsync(Token));
            Assert.Equal(0, await db.CheckpointChunks.CountAsync(Token));
        }

        await Store.SaveAsync(id, Run, 1, 1, 0, false, new MemoryStream([9]), Token);
        Assert.Equal([9], await ReadAsync(id));
    }

    [Fact]
    public async Task A_save_cut_off_by_a_kill_is_invisible_and_pruned_by_a_later_attempt()
    {
        var id = Guid.CreateVersion7();
        await using var db = Database.Open();
        // What a killed process leaves: the row and a piece, not complete.
        db.Checkpoints.Add(new CheckpointRow { Id = id, RunId = Run, Attempt = 1, Step = 5, CreatedAt = SampleRuns.Noon });
        db.CheckpointChunks.Add(new CheckpointChunkRow { CheckpointId = id, Index = 0, Data = [1] });
        await db.SaveChangesAsync(Token);

        Assert.Empty(await Store.ListAsync(Run, Token));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => ReadAsync(id));
        await Store.PruneAsync(Run, 1, s_newest, Token);
        Assert.Equal(1, await db.Checkpoints.CountAsync(Token));

        await Database.BeginAttemptAsync(Run, 2, 0, Token);
        await Store.PruneAsync(Run, 2, s_newest, Token);
        Assert.Equal((0, 0), (await db.Checkpoints.CountAsync(Token), await db.CheckpointChunks.CountAsync(Token)));
    }

    [Fact]
    public async Task A_repeated_save_replaces_what_a_kill_left()
    {
        var id = Guid.CreateVersion7();
        await using var db = Database.Open();
        db.Checkpoints.Add(new CheckpointRow { Id = id, RunId = Run, Attempt = 1, Step = 5, CreatedAt = SampleRuns.Noon });
        db.CheckpointChunks.Add(new CheckpointChunkRow { CheckpointId = id, Index = 0, Data = [1] });
        await db.SaveChangesAsync(Token);

        await Store.SaveAsync(id, Run, 1, 5, 0, false, new MemoryStream([2, 3]), Token);

        Assert.Equal([2, 3], await ReadAsync(id));
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("truncated")]
    [InlineData("piece missing")]
    [InlineData("pieces swapped")]
    public async Task Reading_a_damaged_checkpoint_says_so(string damage)
    {
        var saved = await SaveAsync(new MemoryStream(Content((2 * Piece) + 10)));
        await using (var db = Database.Open())
        {
            var pieces = await db.CheckpointChunks.OrderBy(c => c.Index).ToListAsync(Token);
            switch (damage)
            {
                case "changed":
                    pieces[1].Data = [.. pieces[1].Data[..^1], (byte)(pieces[1].Data[^1] ^ 1)];
                    break;
                case "truncated":
                    pieces[2].Data = pieces[2].Data[..^1];
                    break;
                case "piece missing":
                    db.Remove(pieces[1]);
                    break;
                default:
                    (pieces[0].Data, pieces[1].Data) = (pieces[1].Data, pieces[0].Data);
                    break;
            }

            await db.SaveChangesAsync(Token);
        }

        var failure = await Assert.ThrowsAsync<CheckpointCorruptException>(() => ReadAsync(saved.Id));

        Assert.Equal(saved.Id, failure.Id);
        Assert.Contains(saved.Sha256!, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_written_ones_of_attempts_long_over_are_collected_and_nothing_else()
    {
        await SaveAsync(new MemoryStream([1]), step: 1);
        await using var db = Database.Open();
        db.Checkpoints.Add(new CheckpointRow { Id = Guid.CreateVersion7(), RunId = Run, Attempt = 1, Step = 5, CreatedAt = SampleRuns.Noon });
        await db.SaveChangesAsync(Token);
        Assert.Equal(0, await Store.CollectAsync(DateTimeOffset.UtcNow, Token));
        await db.RunAttempts.ExecuteUpdateAsync(attempt => attempt.SetProperty(row => row.EndedAt, SampleRuns.Noon), Token);

        Assert.Equal(0, await Store.CollectAsync(SampleRuns.Noon, Token));
        Assert.Equal(1, await Store.CollectAsync(SampleRuns.Noon.AddSeconds(1), Token));

        Assert.Equal(1, (await db.Checkpoints.SingleAsync(Token)).Step);
    }

    [Fact]
    public async Task An_attempt_without_the_fence_neither_saves_nor_prunes()
    {
        await SaveAsync(new MemoryStream([1]), step: 1);
        await SaveAsync(new MemoryStream([2]), step: 2);
        await Database.BeginAttemptAsync(Run, 2, 2, Token);

        await Assert.ThrowsAsync<FenceLostException>(() => SaveAsync(new MemoryStream([3]), step: 3));
        await Assert.ThrowsAsync<FenceLostException>(() => Store.PruneAsync(Run, 1, s_newest, Token));

        Assert.Equal([2L, 1L], (await Store.ListAsync(Run, Token)).Select(c => c.Step));
    }

    [Fact]
    public async Task Losing_the_fence_in_the_middle_of_a_save_leaves_nothing_of_it()
    {
        var content = new Interrupted(Content(2 * Piece), async () => await Database.BeginAttemptAsync(Run, 2, 0, Token));

        await Assert.ThrowsAsync<FenceLostException>(() => SaveAsync(content));

        await using var db = Database.Open();
        Assert.Equal((0, 0), (await db.Checkpoints.CountAsync(Token), await db.CheckpointChunks.CountAsync(Token)));
    }

    [Fact]
    public async Task Others_write_while_a_slow_save_is_under_way()
    {
        var written = false;
        var content = new Interrupted(Content(2 * Piece), async () =>
        {
            await using var db = Database.Open();
            db.Runs.Single(r => r.Id == Run).Step = 17;
            await db.SaveChangesAsync(Token).WaitAsync(TimeSpan.FromSeconds(5), Token);
            written = true;
        });

        await SaveAsync(content);

        Assert.True(written);
    }

    private static byte[] Content(int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }

    private Task<CheckpointRow> SaveAsync(Stream content, long step = 1, bool final = false) =>
        Store.SaveAsync(Guid.CreateVersion7(), Run, 1, step, step / 10.0, final, content, Token);

    private async Task<byte[]> ReadAsync(Guid id)
    {
        using var target = new MemoryStream();
        await Store.CopyToAsync(id, target, Token);
        return target.ToArray();
    }
}

public sealed class CheckpointStoreOnPostgres(PostgresServer server) : CheckpointStoreTests(server);

public sealed class CheckpointStoreOnSqlite(SqliteFiles files) : CheckpointStoreTests(files);
