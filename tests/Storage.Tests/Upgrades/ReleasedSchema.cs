using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

namespace MaeLab.Storage.Tests.Upgrades;

/// <summary>The tables of a released schema, as the model that its migration was made of describes them.</summary>
internal sealed class ReleasedSchema
{
    /// <summary>A recipe as the first version stored it.</summary>
    public const string Recipe =
        """
        {"dataset":{"name":"fashion-mnist-sample"},"imageSize":28,"patchSize":4,"encoder":{"width":64,"depth":4,"heads":4},"decoder":{"width":32,"depth":1,"heads":2},"maskRatio":0.75,"maskSampler":"random","target":"normalizedPixels","augmentation":"none","epochs":10,"batchSize":256,"accumulation":1,"baseLearningRate":0.001,"warmupEpochs":1,"minLearningRate":0,"weightDecay":0.05,"precision":"fp32","seed":0,"evaluation":{"linearProbe":true,"reconstructions":8,"everyEpochs":0},"checkpoints":{"everyEpochs":5,"keepLast":2},"device":"auto"}
        """;

    public static readonly long[] Steps = [10, 20, 50];
    public static readonly double[] Values = [0.5, double.NaN, 0.25];

    /// <summary>What programs wrote where not any text or number will do. A word that is renamed later stays here as it was.</summary>
    private static readonly Dictionary<(string Table, string Column), object> s_written = new()
    {
        [("runs", "recipe")] = Recipe,
        [("runs", "levels")] = """{"maskRatio": 0.75}""",
        [("runs", "state")] = "Completed",
        [("runs", "stop_intent")] = "None",
        [("runs", "reason")] = "None",
        [("runs", "device")] = "Auto",
        [("runs", "kind")] = "Training",
        [("checkpoints", "kind")] = "Training",
        [("run_attempts", "number")] = 1,
        [("run_attempts", "stopped_by")] = "Preempt",
        [("attempt_outcomes", "attempt")] = 1,
        [("attempt_outcomes", "outcome")] = "Completed",
        [("attempt_outcomes", "reason")] = "None",
        [("metric_chunks", "attempt")] = 1,
        [("metric_chunks", "count")] = Steps.Length,
        [("metric_chunks", "nan_count")] = 1,
        [("metric_chunks", "first_step")] = Steps[0],
        [("metric_chunks", "last_step")] = Steps[^1],
        [("webhook_deliveries", "state")] = "Delivered",
        [("users", "role")] = "Researcher",
        [("api_tokens", "scope")] = "Viewer",
    };

    private readonly List<IReadOnlyEntityType> _tables = [];

    private ReleasedSchema(IReadOnlyModel model)
    {
        // What a table refers to goes before it.
        var rest = model.GetEntityTypes().ToList();
        while (rest.Count > 0)
        {
            var next = rest.First(table => table.GetForeignKeys().All(key => key.PrincipalEntityType == table || _tables.Contains(key.PrincipalEntityType)));
            _tables.Add(next);
            rest.Remove(next);
        }
    }

    public IEnumerable<string> Tables => _tables.Select(Name);

    public static ReleasedSchema Of(MaeLabDb db, string migration)
    {
        var migrations = db.GetService<IMigrationsAssembly>();
        return new(migrations.CreateMigration(migrations.Migrations[migration], db.Database.ProviderName!).TargetModel);
    }

    /// <summary>A row in every table, with something in every column.</summary>
    public async Task FillAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var values = new Dictionary<IReadOnlyProperty, object>();
        foreach (var table in _tables)
        {
            var columns = table.GetProperties().Where(column => !column.GetContainingForeignKeys().Any(key => key.PrincipalEntityType == table)).ToList();
            await using var insert = connection.CreateCommand();
            foreach (var column in columns)
            {
                var value = values[column] = column.FindFirstPrincipal() is { } referredTo && referredTo != column ? values[referredTo] : Value(Name(table), column);
                var parameter = insert.CreateParameter();
                (parameter.ParameterName, parameter.Value) = ($"p{insert.Parameters.Count}", value);
                insert.Parameters.Add(parameter);
            }

            var given = columns.Select((column, i) => $"CAST(@p{i} AS {column.GetColumnType()})");
            insert.CommandText = $"INSERT INTO {Name(table)} ({string.Join(", ", columns.Select(Quoted))}) VALUES ({string.Join(", ", given)})";
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <returns>What is in the columns of this schema now.</returns>
    public async Task<IReadOnlyDictionary<string, object>> ReadAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, object>();
        foreach (var table in _tables)
        {
            var columns = table.GetProperties().ToList();
            await using var select = connection.CreateCommand();
            select.CommandText = $"SELECT {string.Join(", ", columns.Select(Quoted))} FROM {Name(table)}";
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            Assert.True(await reader.ReadAsync(cancellationToken), $"{Name(table)} is empty.");
            for (var i = 0; i < columns.Count; i++)
            {
                values.Add($"{Name(table)}.{columns[i].GetColumnName()}", reader.GetValue(i));
            }
        }

        return values;
    }

    private static object Value(string table, IReadOnlyProperty column)
    {
        var type = Nullable.GetUnderlyingType(column.ClrType) ?? column.ClrType;
        return s_written.TryGetValue((table, column.GetColumnName()), out var written) ? written
            : type == typeof(string) && column.GetColumnName() is "tags" or "events" ? """["a","b,c"]"""
            : type == typeof(string) ? $"{column.GetColumnName()} — ☃"
            : type == typeof(bool) ? true
            : type == typeof(int) ? 7
            : type == typeof(long) ? 1_770_000_000_000_000
            : type == typeof(double) ? 0.1
            : type == typeof(Guid) ? Guid.CreateVersion7()
            : type == typeof(DateTimeOffset) ? new DateTimeOffset(2026, 11, 24, 6, 20, 0, 123, TimeSpan.Zero)
            : type == typeof(string[]) ? new[] { "a", "b,c" }
            : type == typeof(long[]) ? Steps
            : type == typeof(double[]) ? Values
            : type == typeof(byte[]) ? Bytes(column.GetColumnName())
            : throw new NotSupportedException($"The tests of upgrades have no values of {type.Name} for {table}.{column.GetColumnName()} yet: give them some.");
    }

    /// <summary>On SQLite arrays are little-endian numbers.</summary>
    private static byte[] Bytes(string column) => column switch
    {
        "steps" => [.. Steps.SelectMany(BitConverter.GetBytes)],
        "values" => [.. Values.SelectMany(BitConverter.GetBytes)],
        _ => [1, 0, 255],
    };

    private static string Name(IReadOnlyEntityType table) => table.GetTableName()!;

    private static string Quoted(IReadOnlyProperty column) => $"\"{column.GetColumnName()}\"";
}
