using MaeLab.Domain.Runs;
using MaeLab.Storage.Archives;
using MaeLab.Storage.Model;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests.Archives;

/// <summary>What an import does beyond copying.</summary>
public abstract class ArchiveImportTests(ITestDatabases databases) : DatabaseTests(databases)
{
    private readonly ITestDatabases _databases = databases;

    [Theory]
    [InlineData(RunState.Queued)]
    [InlineData(RunState.Running)]
    [InlineData(RunState.Stopping)]
    [InlineData(RunState.Paused)]
    public async Task Run_that_was_not_over_is_cancelled_and_its_attempt_ended(RunState state)
    {
        await using (var db = Database.Open())
        {
            await db.Runs.ExecuteUpdateAsync(run => run.SetProperty(row => row.State, state).SetProperty(row => row.StopIntent, StopIntent.Pause), Token);
        }

        await using var target = await _databases.CreateDatabaseAsync(Token);

        await target.ImportAsync(await Database.ExportAsync(await ExperimentAsync()));

        await using var after = target.Open();
        var imported = await after.Runs.SingleAsync(Token);
        Assert.Equal((RunState.Cancelled, StopIntent.None, ReasonCode.User), (imported.State, imported.StopIntent, imported.Reason));
        Assert.Equal($"It was {state.ToString().ToLowerInvariant()} when the experiment was exported.", imported.ReasonText);
        Assert.Equal((SampleRuns.Noon.AddMinutes(1), SampleRuns.Noon.AddMinutes(1)), (imported.EndedAt, (await after.RunAttempts.SingleAsync(Token)).EndedAt));
    }

    [Fact]
    public async Task Experiment_that_is_there_already_is_left_alone()
    {
        var archive = await Database.ExportAsync(await ExperimentAsync());
        await using (var db = Database.Open())
        {
            await db.Experiments.ExecuteUpdateAsync(row => row.SetProperty(experiment => experiment.Description, "mine"), Token);
        }

        var imported = await Database.ImportAsync(archive);

        await using var after = Database.Open();
        Assert.Equal((false, "mine"), (imported.Imported, (await after.Experiments.SingleAsync(Token)).Description));
    }

    [Fact]
    public async Task Deleted_runs_stay_out()
    {
        await using (var db = Database.Open())
        {
            await db.Runs.ExecuteUpdateAsync(run => run.SetProperty(row => row.DeletedAt, SampleRuns.Noon), Token);
        }

        await using var target = await _databases.CreateDatabaseAsync(Token);

        var imported = await target.ImportAsync(await Database.ExportAsync(await ExperimentAsync()));

        Assert.Equal((0, true), (imported.Runs, imported.Imported));
    }

    [Fact]
    public async Task Runner_of_this_laboratory_stays_as_it_is()
    {
        await using var target = await _databases.CreateDatabaseAsync(Token);
        Guid runner;
        await using (var db = Database.Open())
        {
            runner = (await db.RunAttempts.SingleAsync(Token)).RunnerId;
            db.Add(new RunnerRow { Id = runner, Name = "old name", Device = "cpu", Datasets = "[]" });
            await db.SaveChangesAsync(Token);
        }

        await using (var db = target.Open())
        {
            db.Add(new RunnerRow { Id = runner, Name = "new name", Device = "cpu", Datasets = "[]" });
            await db.SaveChangesAsync(Token);
        }

        await target.ImportAsync(await Database.ExportAsync(await ExperimentAsync()));

        await using var after = target.Open();
        Assert.Equal("new name", (await after.Runners.SingleAsync(Token)).Name);
    }

    [Fact]
    public async Task Run_that_another_experiment_has_is_refused_and_nothing_imported()
    {
        var archive = await Database.ExportAsync(await ExperimentAsync());
        await using var target = await _databases.CreateDatabaseAsync(Token);
        await using (var db = target.Open())
        {
            var other = SampleRuns.Experiment();
            var run = SampleRuns.Run(other.Id);
            run.Id = Run;
            db.AddRange(other, run);
            await db.SaveChangesAsync(Token);
        }

        var refused = await Assert.ThrowsAsync<ArchiveException>(() => target.ImportAsync(archive));

        Assert.StartsWith("runs.jsonl: has a row that the database refuses", refused.Message, StringComparison.Ordinal);
        await using var after = target.Open();
        Assert.Equal(1, await after.Experiments.CountAsync(Token));
    }

    [Fact]
    public async Task Experiment_that_is_not_there_is_told() =>
        await Assert.ThrowsAsync<KeyNotFoundException>(() => Database.ExportAsync(Guid.NewGuid()));

    [Fact]
    public async Task Every_table_that_hangs_on_an_experiment_is_in_the_archive()
    {
        await using var db = Database.Open();
        List<Type> hanging = [typeof(ExperimentRow)];
        for (var known = 0; known < hanging.Count;)
        {
            known = hanging.Count;
            hanging.AddRange(db.Model.GetEntityTypes()
                .Where(type => !hanging.Contains(type.ClrType) && type.GetForeignKeys().Any(key => hanging.Contains(key.PrincipalEntityType.ClrType)))
                .Select(type => type.ClrType));
        }

        Assert.Empty(hanging.Except(ArchiveTable.All.Select(table => table.Row)).Except(ArchiveTable.LeftOut));
    }

    [Fact]
    public async Task Every_column_is_in_the_archive_or_said_to_be_left_out()
    {
        var archived = ArchiveBytes.Manifest(await Database.ExportAsync(await ExperimentAsync()))["parts"]!.AsArray()
            .SelectMany(part => part!["columns"]!.AsArray().Select(column => $"{part["table"]}.{column}"));
        await using var db = Database.Open();
        var columns = ArchiveTable.All.Select(table => db.Model.FindEntityType(table.Row)!).SelectMany(type => type.GetProperties()
            .Where(property => !ArchiveTable.ColumnsLeftOut.GetValueOrDefault(type.ClrType, []).Contains(property.Name))
            .Select(property => $"{type.GetTableName()}.{property.GetColumnName()}"));

        Assert.Equal(columns.Order(StringComparer.Ordinal), archived.Order(StringComparer.Ordinal));
    }

    private async Task<Guid> ExperimentAsync()
    {
        await using var db = Database.Open();
        return (await db.Experiments.SingleAsync(Token)).Id;
    }
}

public sealed class ArchiveImportOnPostgres(PostgresServer databases) : ArchiveImportTests(databases);

public sealed class ArchiveImportOnSqlite(SqliteFiles databases) : ArchiveImportTests(databases);
