using System.Globalization;
using MaeLab.Domain.Metrics;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Roles;
using MaeLab.Testing;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Nodes;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MaeLab.Storage.Tests;

/// <summary>A standby of PostgreSQL, for who only reads: notebooks, Grafana.</summary>
public sealed class StandbyTests
{
    private const string Password = "a password of the tests";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reader_who_prefers_a_standby_finds_there_what_the_primary_has_and_nobody_may_write()
    {
        var (node, missing) = await ServerNode.StartAsync(NodeScript.Postgres, ports: 1, Token);
        if (node is null)
        {
            Prerequisite.Missing(missing!);
        }

        await using var primary = node;
        await using var standby = await primary.StartStandbyAsync(Token);
        await using var owner = new TestDatabase(Connect("maelab", "primary", primary, standby), () => ValueTask.CompletedTask);
        await DatabaseMigrator.MigrateAsync(owner.Contexts, Token);
        await RoleGrants.ApplyAsync(
            owner.Contexts, new Dictionary<DatabaseRole, string> { [DatabaseRole.Reader] = Password, [DatabaseRole.Scheduler] = Password }, Token);
        var run = await owner.AddRunAsync(Token);
        var writer = await MetricWriter.OpenAsync(owner.Contexts, run, 1, restoreStep: 0, Token);
        writer.Add(Enumerable.Range(1, 1000).Select(step => new MetricPoint(SeriesNames.TrainLoss, step, 1.0 / step)));
        await writer.FlushAsync(Token);

        var reader = DatabaseFactory.Create(Connect(DatabaseRoles.NameOf(DatabaseRole.Reader), "prefer-standby", primary, standby));
        await CatchUpAsync(owner.Contexts, reader);

        Assert.Equal(await ReadAsync(owner.Contexts, run), await ReadAsync(reader, run));
        await using var scheduler = DatabaseFactory.Create(Connect(DatabaseRoles.NameOf(DatabaseRole.Scheduler), "standby", primary, standby)).CreateDbContext();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => scheduler.Runs.ExecuteUpdateAsync(set => set.SetProperty(row => row.Priority, 1), Token));
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refused.SqlState);
    }

    private static async Task<List<(string Name, long Step, double Value)>> ReadAsync(IDbContextFactory<MaeLabDb> databases, Guid run)
    {
        var points = await new MetricReader(databases).ReadPointsAsync(run, SeriesNames.TrainLoss, afterStep: -1, limit: int.MaxValue, Token);
        await using var db = await databases.CreateDbContextAsync(Token);
        var name = await db.Runs.Where(row => row.Id == run).Join(db.Experiments, row => row.ExperimentId, experiment => experiment.Id, (_, experiment) => experiment.Name).SingleAsync(Token);
        return [.. points.Select(point => (name, point.Step, point.Value))];
    }

    /// <summary>Until the standby has replayed all that the primary has written so far.</summary>
    private static async Task CatchUpAsync(IDbContextFactory<MaeLabDb> primary, IDbContextFactory<MaeLabDb> standby)
    {
        await using var writes = await primary.CreateDbContextAsync(Token);
        var written = await writes.Database.SqlQuery<string>($"""SELECT pg_current_wal_lsn()::text AS "Value" """).SingleAsync(Token);
        await using var reads = await standby.CreateDbContextAsync(Token);
        await Eventually.GetAsync(
            "standby that has caught up",
            async () => await reads.Database
                .SqlQuery<bool>($"""SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= {written}::pg_lsn AS "Value" """).SingleAsync(Token) ? reads : null);
    }

    private static StorageOptions Connect(string user, string wanted, params IEnumerable<ServerNode> servers) => new()
    {
        Provider = StorageProvider.Postgres,
        ConnectionString = new NpgsqlConnectionStringBuilder
        {
            Host = string.Join(',', servers.Select(server => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}"))),
            TargetSessionAttributes = wanted,
            Username = user,
            Password = Password,
            Database = "maelab",
            Pooling = false,
        }.ConnectionString,
    };
}
