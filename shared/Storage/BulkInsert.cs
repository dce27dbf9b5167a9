using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace MaeLab.Storage;

public static class BulkInsert
{
    /// <summary>
    /// Inserts many rows of one table, with COPY where the database has it: EF's inserts of 10,000 runs take seconds. Columns
    /// and conversions are those of the model. Within the context's transaction, if there is one.
    /// </summary>
    public static async Task BulkInsertAsync<TRow>(this MaeLabDb db, IEnumerable<TRow> rows, CancellationToken cancellationToken)
        where TRow : class
    {
        if (db is not PostgresDb)
        {
            db.AddRange(rows);
            await db.SaveChangesAsync(cancellationToken);
            return;
        }

        var type = db.Model.FindEntityType(typeof(TRow)) ?? throw new ArgumentException($"{typeof(TRow).Name} is no row of a table.", nameof(rows));
        var columns = type.GetProperties().Select(Column.Of).ToList();
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            var names = string.Join(", ", columns.Select(column => $"\"{column.Name}\""));
            await using var copy = await ((NpgsqlConnection)db.Database.GetDbConnection())
                .BeginBinaryImportAsync($"COPY {type.GetTableName()} ({names}) FROM STDIN (FORMAT binary)", cancellationToken);
            foreach (var row in rows)
            {
                await copy.StartRowAsync(cancellationToken);
                foreach (var column in columns)
                {
                    await (column.Read(row) is { } value
                        ? copy.WriteAsync(value, column.Type, cancellationToken)
                        : copy.WriteNullAsync(cancellationToken));
                }
            }

            await copy.CompleteAsync(cancellationToken);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private sealed record Column(string Name, string Type, Func<object, object?> Read)
    {
        public static Column Of(IProperty property)
        {
            var (getter, converter) = (property.GetGetter(), property.GetTypeMapping().Converter);
            return new(
                property.GetColumnName(),
                property.GetColumnType().Split('(')[0], // without its length
                converter is null ? getter.GetClrValue : row => getter.GetClrValue(row) is { } value ? converter.ConvertToProvider(value) : null);
        }
    }
}
