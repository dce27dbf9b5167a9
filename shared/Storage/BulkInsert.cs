using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace MaeLab.Storage;

public static class BulkInsert
{
    /// <summary>
    /// Inserts many rows of one table, with COPY where the database has it and else with one prepared statement: EF's inserts
    /// of 10,000 runs take seconds. Columns and conversions are those of the model; keys must be there. Within the context's
    /// transaction, if there is one.
    /// </summary>
    public static Task BulkInsertAsync<TRow>(this MaeLabDb db, IEnumerable<TRow> rows, CancellationToken cancellationToken)
        where TRow : class => db.BulkInsertAsync(typeof(TRow), rows, cancellationToken);

    /// <inheritdoc cref="BulkInsertAsync{TRow}"/>
    internal static async Task BulkInsertAsync(this MaeLabDb db, Type row, IEnumerable<object> rows, CancellationToken cancellationToken)
    {
        var type = db.Model.FindEntityType(row) ?? throw new ArgumentException($"{row.Name} is no row of a table.", nameof(row));
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await (db is PostgresDb ? CopyAsync(db, type, rows, cancellationToken) : InsertAsync(db, type, rows, cancellationToken));
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static async Task CopyAsync(MaeLabDb db, IEntityType type, IEnumerable<object> rows, CancellationToken cancellationToken)
    {
        var columns = type.GetProperties().Select(Column.Of).ToList();
        await using var copy = await ((NpgsqlConnection)db.Database.GetDbConnection())
            .BeginBinaryImportAsync($"COPY {type.GetTableName()} ({Names(columns)}) FROM STDIN (FORMAT binary)", cancellationToken);
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

    private static async Task InsertAsync(MaeLabDb db, IEntityType type, IEnumerable<object> rows, CancellationToken cancellationToken)
    {
        // All or nothing, and not a commit a row.
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        var columns = type.GetProperties().Select(Column.Of).ToList();
        await using var insert = db.Database.GetDbConnection().CreateCommand();
        foreach (var column in columns)
        {
            insert.Parameters.Add(column.Mapping.CreateParameter(insert, $"@p{insert.Parameters.Count}", null, nullable: true));
        }

        insert.CommandText = $"INSERT INTO {type.GetTableName()} ({Names(columns)}) VALUES ({string.Join(", ", insert.Parameters.Cast<DbParameter>().Select(parameter => parameter.ParameterName))})";
        foreach (var row in rows)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                insert.Parameters[i].Value = columns[i].Read(row) ?? DBNull.Value;
            }

            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        if (own is not null)
        {
            await own.CommitAsync(cancellationToken);
        }
    }

    private static string Names(List<Column> columns) => string.Join(", ", columns.Select(column => $"\"{column.Name}\""));

    private sealed record Column(string Name, RelationalTypeMapping Mapping, Func<object, object?> Read)
    {
        /// <summary>Without its length.</summary>
        public string Type => Mapping.StoreType.Split('(')[0];

        public static Column Of(IProperty property)
        {
            var (getter, converter) = (property.GetGetter(), property.GetTypeMapping().Converter);
            return new(
                property.GetColumnName(),
                property.GetRelationalTypeMapping(),
                converter is null ? getter.GetClrValue : row => getter.GetClrValue(row) is { } value ? converter.ConvertToProvider(value) : null);
        }
    }
}
