using MaeLab.Hosting.Bus;
using MaeLab.Testing.Databases;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

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
}
