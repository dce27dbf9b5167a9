using System.Buffers;
using System.Data;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Conversions;
using MaeLab.Storage.Model;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Archives;

/// <summary>
/// Writes an experiment as one file, as it is at one moment. Memory does not grow with what is in it, but for the names of
/// entries and a sum for each different picture.
/// </summary>
public sealed class ExperimentExport(IDbContextFactory<MaeLabDb> databases)
{
    /// <summary>Rows are handed to the zip file in pieces of this many bytes.</summary>
    private const int Piece = 64 * 1024;

    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="KeyNotFoundException">There is no such experiment. Nothing was written.</exception>
    /// <exception cref="CheckpointCorruptException">A checkpoint is damaged in the database; without checkpoints it can be exported.</exception>
    public async Task WriteAsync(Guid experimentId, CheckpointChoice checkpoints, Stream target, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var snapshot = await BeginSnapshotAsync(db, cancellationToken);
        var name = await db.Experiments.Where(row => row.Id == experimentId).Select(row => row.Name).SingleOrDefaultAsync(cancellationToken)
            ?? throw new KeyNotFoundException($"There is no experiment {experimentId}.");
        await using var archive = await ArchiveWriter.OpenAsync(target, cancellationToken);
        var export = new Writing(db, archive, cancellationToken);
        var parts = new List<ArchivedPart>();
        foreach (var table in ArchiveTable.All)
        {
            parts.Add(await export.WriteAsync(table, table.Select(db, experimentId, checkpoints).AsNoTracking()));
        }

        await archive.CompleteAsync(entries => new(
            ArchiveFormat.Version, ThisProgram.Version, ThisProgram.Schema(db), new(experimentId, name), checkpoints, parts, entries), cancellationToken);
    }

    /// <summary>All tables as they are at one moment, without keeping any writer waiting.</summary>
    private static async Task<IAsyncDisposable> BeginSnapshotAsync(MaeLabDb db, CancellationToken cancellationToken)
    {
        if (db is PostgresDb)
        {
            var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            // Whoever downloads may be slow; it holds no lock that others wait for.
            await db.Database.ExecuteSqlAsync($"SET LOCAL idle_in_transaction_session_timeout = 0", cancellationToken);
            return transaction;
        }

        await db.Database.OpenConnectionAsync(cancellationToken);
        // EF's own would be one for writing, of which SQLite has a single one.
        return (await db.Database.UseTransactionAsync(((SqliteConnection)db.Database.GetDbConnection()).BeginTransaction(deferred: true), cancellationToken))!;
    }

    private sealed class Writing(MaeLabDb db, ArchiveWriter archive, CancellationToken cancellationToken)
    {
        private readonly Dictionary<(Type, long), long> _numbers = [];

        public async Task<ArchivedPart> WriteAsync(ArchiveTable table, IQueryable<object> rows)
        {
            var name = db.Model.FindEntityType(table.Row)!.GetTableName()!;
            var columns = ArchiveColumn.Of(db, table.Row);
            var files = new FileNumbers();
            var count = 0L;
            await archive.WriteAsync(ArchiveFormat.Rows(name), CompressionLevel.SmallestSize, async content =>
            {
                var lines = new ArrayBufferWriter<byte>(Piece);
                await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
                {
                    count++;
                    WriteLine(lines, table.Row, columns, row, count, files);
                    if (lines.WrittenCount >= Piece)
                    {
                        await content.WriteAsync(lines.WrittenMemory, cancellationToken);
                        lines.ResetWrittenCount();
                    }
                }

                await content.WriteAsync(lines.WrittenMemory, cancellationToken);
            }, cancellationToken);

            foreach (var column in columns.Where(column => column.Kind == ColumnKind.Numbers))
            {
                await archive.WriteAsync(ArchiveFormat.Numbers(name, column.Name, column.Type.GetElementType()!), CompressionLevel.SmallestSize, async content =>
                {
                    await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
                    {
                        await content.WriteAsync(column.Get(row) is long[] whole ? ArrayBlob.FromInt64(whole) : ArrayBlob.FromDouble((double[])column.Get(row)!), cancellationToken);
                    }
                }, cancellationToken);
            }

            if (columns.SingleOrDefault(column => column.Kind == ColumnKind.File) is { } file)
            {
                await WriteFilesAsync(rows, file, files.Count);
            }

            if (table.Row == typeof(CheckpointRow))
            {
                await WriteCheckpointsAsync(rows);
            }

            return new(name, count, [.. columns.Select(column => column.Name)]);
        }

        private void WriteLine(
            ArrayBufferWriter<byte> lines, Type type, IReadOnlyList<ArchiveColumn> columns, object row, long number, FileNumbers files)
        {
            using (var json = new Utf8JsonWriter(lines, s_json))
            {
                json.WriteStartObject();
                foreach (var column in columns)
                {
                    json.WritePropertyName(column.Name);
                    var value = column.Get(row);
                    switch (column.Kind)
                    {
                        case ColumnKind.Value:
                            ArchiveValue.Write(json, value);
                            break;
                        case ColumnKind.Json:
                            using (var document = JsonDocument.Parse((string)value!))
                            {
                                ArchiveValue.WriteCanonical(json, document.RootElement);
                            }

                            break;
                        case ColumnKind.Number:
                            if (column.IsReferenced)
                            {
                                _numbers[(type, (long)value!)] = number;
                            }

                            json.WriteNumberValue(number);
                            break;
                        case ColumnKind.NumberReference:
                            json.WriteNumberValue(_numbers[(column.RefersTo!, (long)value!)]);
                            break;
                        case ColumnKind.Numbers:
                            json.WriteNumberValue(((Array)value!).Length);
                            break;
                        case ColumnKind.File:
                            json.WriteNumberValue(files.NumberOf((byte[])value!));
                            break;
                        default:
                            throw new NotSupportedException($"Unknown kind {column.Kind} of a column.");
                    }
                }

                json.WriteEndObject();
            }

            lines.Write("\n"u8);
        }

        /// <summary>Each content once, in the order in which rows have them: the same pictures are shown by many runs.</summary>
        private async Task WriteFilesAsync(IQueryable<object> rows, ArchiveColumn column, long count)
        {
            var files = new FileNumbers();
            await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                var (content, before) = ((byte[])column.Get(row)!, files.Count);
                if (files.NumberOf(content) is var number && number > before)
                {
                    await archive.WriteAsync(
                        ArchiveFormat.Image(number), CompressionLevel.SmallestSize, target => target.WriteAsync(content, cancellationToken).AsTask(), cancellationToken);
                }
            }
        }

        private async Task WriteCheckpointsAsync(IQueryable<object> rows)
        {
            var number = 0;
            foreach (CheckpointRow checkpoint in await rows.ToListAsync(cancellationToken))
            {
                number++;
                await archive.WriteAsync(
                    ArchiveFormat.Checkpoint(number), CompressionLevel.Fastest,
                    target => CheckpointStore.CopyToAsync(db, checkpoint, target, cancellationToken), cancellationToken);
            }
        }
    }
}
