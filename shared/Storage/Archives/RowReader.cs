using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;
using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Archives;

/// <summary>Reads the rows of an archive in the order of its tables, each with all that it refers to.</summary>
internal sealed class RowReader(MaeLabDb db, ArchiveReader archive)
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    /// <summary>Keys by which later rows may refer to earlier ones; for numbered rows the key in this database by the number.</summary>
    private readonly Dictionary<Type, Dictionary<object, object>> _keys = [];

    /// <exception cref="ArchiveException">A table or column is unknown to this program.</exception>
    public IReadOnlyList<(ArchiveTable Table, ArchivedPart Part)> Parts()
    {
        var tables = ArchiveTable.All.ToDictionary(table => db.Model.FindEntityType(table.Row)!.GetTableName()!);
        var last = -1;
        foreach (var part in archive.Manifest.Parts)
        {
            if (!tables.TryGetValue(part.Table, out var table))
            {
                throw Unknown($"table '{part.Table}'");
            }

            var position = ArchiveTable.All.ToList().IndexOf(table);
            if (position <= last)
            {
                throw new ArchiveException(ArchiveFormat.Manifest, $"has the table '{part.Table}' in the wrong place, or twice.");
            }

            last = position;
            if (table.Row == typeof(ExperimentRow) && part.Rows != 1)
            {
                throw new ArchiveException(ArchiveFormat.Manifest, $"has {part.Rows} experiments; an archive holds one.");
            }

            var columns = ArchiveColumn.Of(db, table.Row).Select(column => column.Name).ToList();
            if (part.Columns.Except(columns).FirstOrDefault() is { } unknown)
            {
                throw Unknown($"column '{unknown}' of the table '{part.Table}'");
            }
        }

        return [.. archive.Manifest.Parts.Select(part => (tables[part.Table], part))];
    }

    /// <returns>Each row, and how many bytes it took in the archive.</returns>
    public async IAsyncEnumerable<(object Row, int Bytes)> ReadAsync(Type type, ArchivedPart part, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var name = ArchiveFormat.Rows(part.Table);
        var all = ArchiveColumn.Of(db, type).ToDictionary(column => column.Name);
        var columns = part.Columns.Select(column => all[column]).ToList();
        if (all.Values.Except(columns).FirstOrDefault(column => column.Kind is ColumnKind.Number or ColumnKind.NumberReference or ColumnKind.File || column.RefersTo is not null) is { } needed)
        {
            throw new ArchiveException(ArchiveFormat.Manifest, $"has no column '{needed.Name}' in the table '{part.Table}', which nothing can stand for.");
        }

        await using var lines = await archive.OpenAsync(name, cancellationToken);
        var keys = new GivenKeys(db, type);
        await using var parts = await RowParts.OpenAsync(archive, part, columns, cancellationToken);
        var count = 0L;
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            count++;
            var row = Activator.CreateInstance(type)!;
            var bytes = line.Length;
            using (var json = Parse(name, count, line))
            {
                var members = json.RootElement.EnumerateObject().ToList();
                if (members.Count != columns.Count || !members.Zip(part.Columns).All(pair => pair.First.NameEquals(pair.Second)))
                {
                    throw new ArchiveException($"{name}, line {count}", $"must have the members {string.Join(", ", part.Columns)}, in this order.");
                }

                foreach (var (column, member) in columns.Zip(members))
                {
                    var value = await ValueAsync(type, column, member.Value, count, $"{name}, line {count}, {column.Name}", keys, parts, cancellationToken);
                    column.Set(row, value);
                    bytes += column.Kind is (ColumnKind.File or ColumnKind.Numbers) && value is Array beside ? Buffer.ByteLength(beside) : 0;
                }
            }

            Settle(row);
            yield return (row, bytes);
        }

        await lines.CompleteAsync(cancellationToken);
        await parts.CompleteAsync(cancellationToken);
        if (count != part.Rows)
        {
            throw new ArchiveException(name, $"has {count} rows, and {part.Rows} by the manifest.");
        }
    }

    private async ValueTask<object?> ValueAsync(
        Type type, ArchiveColumn column, JsonElement json, long line, string where, GivenKeys keys, RowParts parts, CancellationToken cancellationToken)
    {
        try
        {
            var value = column.Kind switch
            {
                ColumnKind.Value => ArchiveValue.Read(json, column.Type, column.IsNullable),
                ColumnKind.Json => json.ValueKind == JsonValueKind.Object ? json.GetRawText() : throw new FormatException("no JSON object"),
                ColumnKind.Number => (long)ArchiveValue.Read(json, typeof(long), nullable: false)! == line
                    ? await keys.NextAsync(cancellationToken)
                    : throw new FormatException($"rows are numbered from 1; this one must be {line}"),
                ColumnKind.NumberReference => ArchiveValue.Read(json, typeof(long), nullable: false),
                ColumnKind.Numbers => await parts.NumbersAsync(column, (int)ArchiveValue.Read(json, typeof(int), nullable: false)!, cancellationToken),
                ColumnKind.File => await parts.FileAsync((long)ArchiveValue.Read(json, typeof(long), nullable: false)!, cancellationToken),
                _ => throw new NotSupportedException($"Unknown kind {column.Kind} of a column."),
            };
            if (column.RefersTo is { } other && value is not null)
            {
                value = _keys.GetValueOrDefault(other)?.GetValueOrDefault(value)
                    ?? throw new FormatException($"it refers to {value}, which no row before it is");
            }

            if (column.IsReferenced && !Keys(type).TryAdd(column.Kind == ColumnKind.Number ? line : value!, value!))
            {
                throw new FormatException($"{value} is there twice");
            }

            return value;
        }
        catch (FormatException wrong)
        {
            throw new ArchiveException(where, $"{wrong.Message}.", wrong);
        }
    }

    /// <summary>What is of this laboratory: a runner was last seen by others.</summary>
    private static void Settle(object row)
    {
        if (row is RunnerRow runner)
        {
            (runner.LastSeenAt, runner.ProcessStartedAt) = (runner.FirstSeenAt, runner.FirstSeenAt);
        }
    }

    private Dictionary<object, object> Keys(Type type)
    {
        if (!_keys.TryGetValue(type, out var keys))
        {
            _keys[type] = keys = [];
        }

        return keys;
    }

    private static JsonDocument Parse(string name, long line, ReadOnlyMemory<byte> text)
    {
        try
        {
            if (!Utf8.IsValid(text.Span))
            {
                throw new ArchiveException($"{name}, line {line}", "is no UTF-8.");
            }

            var json = JsonDocument.Parse(text, s_strict);
            return json.RootElement.ValueKind == JsonValueKind.Object ? json : throw new ArchiveException($"{name}, line {line}", "is no JSON object.");
        }
        catch (JsonException wrong)
        {
            throw new ArchiveException($"{name}, line {line}", $"is no JSON: {wrong.Message}", wrong);
        }
    }

    private ArchiveException Unknown(string what) => new(
        ArchiveFormat.Manifest,
        $"has a {what}, which this program does not know. It was written by MaeLab {archive.Manifest.MaeLab} with the schema {archive.Manifest.Schema}: use that or a newer one.");
}
