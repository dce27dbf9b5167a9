using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace MaeLab.Storage.Tests.Upgrades;

/// <summary>Every schema that was ever released, with rows in it, moves on to the newest.</summary>
public abstract class ReleasedSchemaTests(ITestDatabases databases)
{
    private static readonly JsonSerializerOptions s_anyNumber = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Every_released_schema_moves_on_to_the_newest_and_keeps_what_is_in_its_tables() => UpgradeEachAsync(async upgrade =>
    {
        await using var db = upgrade.Database.Open();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(Token));
        var after = await upgrade.From.ReadAsync(await OpenAsync(db), Token);
        Assert.All(upgrade.Before, column => Assert.True(
            Same(column.Value, after[column.Key]), $"{column.Key} from {upgrade.Migration} on: {column.Value} became {after[column.Key]}."));
    });

    [Fact]
    public Task This_program_reads_the_rows_of_every_released_schema() => UpgradeEachAsync(async upgrade =>
    {
        await using var db = upgrade.Database.Open();
        Assert.All(upgrade.From.Tables, table => Assert.Single(ReadAll(db, table)));
        var run = await db.Runs.IgnoreQueryFilters().SingleAsync(Token);
        Assert.Equal(0.75, RecipeJson.Read(run.Recipe).MaskRatio);
        var series = await db.Series.SingleAsync(Token);
        Assert.Equal(
            ReleasedSchema.Steps.Zip(ReleasedSchema.Values, (step, value) => new MetricPoint(series.Name, step, value)),
            await new MetricReader(upgrade.Database.Contexts).ReadPointsAsync(run.Id, series.Name, afterStep: 0, limit: 10, Token));
    });

    private sealed record Upgrade(string Migration, ReleasedSchema From, IReadOnlyDictionary<string, object> Before, TestDatabase Database);

    private async Task UpgradeEachAsync(Func<Upgrade, Task> check)
    {
        foreach (var migration in await MigrationsAsync())
        {
            await using var database = await databases.CreateEmptyDatabaseAsync(Token);
            var (schema, before) = await FillAsync(database, migration);

            await DatabaseMigrator.MigrateAsync(database.Contexts, Token);

            await check(new(migration, schema, before, database));
        }
    }

    private async Task<IEnumerable<string>> MigrationsAsync()
    {
        await using var database = await databases.CreateEmptyDatabaseAsync(Token);
        await using var db = database.Open();
        return db.Database.GetMigrations();
    }

    private static async Task<(ReleasedSchema Schema, IReadOnlyDictionary<string, object> Values)> FillAsync(TestDatabase database, string migration)
    {
        await using var db = database.Open();
        await db.GetService<IMigrator>().MigrateAsync(migration, Token);
        var schema = ReleasedSchema.Of(db, migration);
        var connection = await OpenAsync(db);
        await schema.FillAsync(connection, Token);
        return (schema, await schema.ReadAsync(connection, Token));
    }

    private static async Task<DbConnection> OpenAsync(MaeLabDb db)
    {
        await db.Database.OpenConnectionAsync(Token);
        return db.Database.GetDbConnection();
    }

    /// <summary>The rows of a table by the model of today.</summary>
    private static List<object> ReadAll(MaeLabDb db, string table)
    {
        var type = db.Model.GetEntityTypes().Single(type => type.GetTableName() == table).ClrType;
        var rows = (IQueryable<object>)typeof(DbContext).GetMethod(nameof(DbContext.Set), [])!.MakeGenericMethod(type).Invoke(db, null)!;
        return [.. rows.IgnoreQueryFilters().AsNoTracking()];
    }

    /// <summary>JSON may have been written anew, as PostgreSQL does for a column of that type.</summary>
    private static bool Same(object before, object after) =>
        before is string text && text.StartsWith('{')
            ? JsonNode.DeepEquals(JsonNode.Parse(text), JsonNode.Parse((string)after))
            : JsonSerializer.Serialize(before, s_anyNumber) == JsonSerializer.Serialize(after, s_anyNumber);
}

public sealed class ReleasedSchemasOnPostgres(PostgresServer server) : ReleasedSchemaTests(server);

public sealed class ReleasedSchemasOnSqlite(SqliteFiles files) : ReleasedSchemaTests(files);
