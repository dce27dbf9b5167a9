using System.Diagnostics;
using System.Globalization;
using MaeLab.Storage.Checkpoints;
using MaeLab.Testing.Databases;
using Npgsql;

namespace MaeLab.Benchmarks.Storage;

/// <summary>
/// A checkpoint of 450 MB (ViT-B in fp32 with both moments would be three of them) into PostgreSQL and back, against bare inserts and
/// reads of the same 4 MiB pieces, turn by turn.
/// </summary>
public static class CheckpointBenchmark
{
    private const int Piece = 4 << 20;
    private const long Size = 450_000_000;
    private const int Rounds = 5;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var server = new PostgresServer();
        await using var database = await server.CreateDatabaseAsync(cancellationToken);
        var runId = await database.AddRunAsync(cancellationToken);
        var store = new CheckpointStore(database.Contexts, TimeProvider.System);
        await using var connection = new NpgsqlConnection(database.Options.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await ExecuteAsync(connection, "CREATE TABLE bare_pieces (LIKE checkpoint_chunks INCLUDING ALL)", cancellationToken);

        List<double> saved = [], inserted = [], loaded = [], read = [];
        long memory = 0;
        for (var round = 0; round <= Rounds; round++)
        {
            var id = Guid.CreateVersion7();
            using var content = new Weights();
            var save = await RateAsync(() => store.SaveAsync(id, runId, attempt: 1, step: round, epoch: 0, final: false, content, cancellationToken));
            var insert = await RateAsync(() => InsertAsync(connection, id, cancellationToken));
            using var target = new Counter();
            var load = await RateAsync(() => store.CopyToAsync(id, target, cancellationToken));
            var bare = await RateAsync(() => ReadAsync(connection, id, cancellationToken));
            memory = Math.Max(memory, Math.Max(content.Memory, target.Memory));
            await ExecuteAsync(connection, "TRUNCATE bare_pieces; DELETE FROM checkpoints", cancellationToken);
            if (round > 0) // the first one warms up everything
            {
                (saved, inserted, loaded, read) = ([.. saved, save], [.. inserted, insert], [.. loaded, load], [.. read, bare]);
            }
        }

        Print("stored", saved, inserted);
        Print("loaded and verified", loaded, read);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  managed memory meanwhile: {memory / 1e6:F0} MB at most"));
    }

    private static void Print(string what, List<double> ours, List<double> bare) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"checkpoint of {Size / 1e6:F0} MB {what}: {Distribution.Median(ours):F0} MB/s, bare {Distribution.Median(bare):F0}, {Distribution.Median(ours.Zip(bare, (us, them) => us / them)):P0} of it (medians of {Rounds} rounds)"));

    private static async Task InsertAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        using var content = new Weights();
        var piece = new byte[Piece];
        for (var index = 0; await content.ReadAtLeastAsync(piece, Piece, throwOnEndOfStream: false, cancellationToken) is > 0 and var read; index++)
        {
            await using var insert = new NpgsqlCommand("INSERT INTO bare_pieces VALUES ($1, $2, $3)", connection)
            {
                Parameters = { new() { Value = id }, new() { Value = index }, new() { Value = piece.AsMemory(0, read) } },
            };
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task ReadAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        for (var index = 0; index * (long)Piece < Size; index++)
        {
            await using var select = new NpgsqlCommand("SELECT data FROM bare_pieces WHERE checkpoint_id = $1 AND index = $2", connection)
            {
                Parameters = { new() { Value = id }, new() { Value = index } },
            };
            _ = (byte[])(await select.ExecuteScalarAsync(cancellationToken))!;
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>MB a second.</returns>
    private static async Task<double> RateAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Size / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Made-up weights, as many bytes as a checkpoint has, without a disk that would be measured too.</summary>
    private sealed class Weights : Counter
    {
        private static readonly byte[] s_pattern = MakePattern();

        public override bool CanRead => true;

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(Math.Min(buffer.Length, Size - Bytes), s_pattern.Length);
            s_pattern.AsSpan(0, count).CopyTo(buffer);
            Count(count);
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

        private static byte[] MakePattern()
        {
            var bytes = new byte[1 << 20];
            new Random(1).NextBytes(bytes);
            return bytes;
        }
    }

    /// <summary>Counts bytes and looks at the memory in use while they pass.</summary>
    private class Counter : Stream
    {
        protected long Bytes { get; private set; }

        public long Memory { get; private set; }

        public override bool CanRead => false;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Bytes; set => throw new NotSupportedException(); }

        protected void Count(int bytes)
        {
            Bytes += bytes;
            Memory = Math.Max(Memory, GC.GetTotalMemory(forceFullCollection: false));
        }

        public override void Write(byte[] buffer, int offset, int count) => Count(count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Count(buffer.Length);
            return ValueTask.CompletedTask;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
