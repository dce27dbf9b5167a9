using MaeLab.Hosting.Bus;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MaeLab.Messaging.Tests.Hosting;

public sealed class InfrastructureFailureTests(SqliteFiles databases)
{
    [Fact]
    public async Task File_of_sqlite_that_another_holds_is_a_failure_that_passes()
    {
        await using var database = await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        await using var holder = database.Open();
        await using var held = await holder.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await holder.Runs.ExecuteDeleteAsync(TestContext.Current.CancellationToken);
        await using var other = new SqliteConnection(database.Options.ConnectionString + ";Default Timeout=1");
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = other.CreateCommand();
        command.CommandText = "DELETE FROM runs";

        var failure = await Assert.ThrowsAsync<SqliteException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));

        Assert.True(InfrastructureFailure.Is(new DbUpdateException("Not saved.", failure)));
        command.CommandText = "DELETE FROM no_such_table";
        Assert.False(InfrastructureFailure.Is(await Assert.ThrowsAsync<SqliteException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken))));
    }

    [Fact]
    public async Task Servers_of_which_none_was_the_primary_a_moment_ago_are_a_failure_that_passes()
    {
        var ports = FreePorts.Find(2);
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1:{ports},127.0.0.1:{ports + 1};Target Session Attributes=primary;Username=maelab");

        var asked = await Assert.ThrowsAsync<NpgsqlException>(() => connection.OpenAsync(TestContext.Current.CancellationToken));
        var remembered = await Assert.ThrowsAsync<NpgsqlException>(() => connection.OpenAsync(TestContext.Current.CancellationToken));

        Assert.NotEqual(asked.Message, remembered.Message);
        Assert.True(InfrastructureFailure.Is(asked));
        Assert.True(InfrastructureFailure.Is(remembered));
    }
}
