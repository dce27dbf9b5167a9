using MaeLab.Contracts.Facts;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Messaging.Tests;

/// <summary>The ring turns: from a submission to completed runs. The same on RabbitMQ with PostgreSQL and in one process with SQLite.</summary>
public abstract class RingTests
{
    private protected abstract Task<Lab> CreateLabAsync();

    [Fact]
    public async Task Submitted_experiment_is_trained_to_its_end()
    {
        await using var lab = await CreateLabAsync();
        await lab.StartAsync(new FakeEngine());

        var experiment = await lab.SubmitAsync(Lab.Definition(axes: """{"maskRatio": [0.5, 0.75], "seed": [1, 2]}"""));

        Assert.Equal(4, (await lab.Facts.WaitForAsync<ExperimentAccepted>(fact => fact.ExperimentId == experiment)).Runs);
        await lab.WaitForAllAsync("completed", experiment, run => run.State == RunState.Completed);
        await using var db = lab.Database.Open();
        var runs = await db.Runs.AsNoTracking().OrderBy(run => run.Index).ToListAsync(TestContext.Current.CancellationToken);
        Assert.All(runs, run =>
        {
            Assert.Equal((1, FakeEngine.Steps, FakeEngine.Steps), (run.Attempt, run.Step, run.TotalSteps));
            Assert.Equal((ReasonCode.None, null, 0), (run.Reason, run.ReasonText, run.Failures + run.Losses));
            Assert.NotNull(run.StartedAt);
            Assert.NotNull(run.EndedAt);
        });
        Assert.Equal([0.5, 0.5, 0.75, 0.75], runs.Select(run => run.MaskRatio));
        Assert.Equal([1, 2, 1, 2], runs.Select(run => run.Seed));
        Assert.Equal("""{"maskRatio":0.5}""", runs[0].Levels);
        var points = await db.MetricSummaries.AsNoTracking().Where(series => series.Name == SeriesNames.TrainLoss).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal([FakeEngine.Steps, FakeEngine.Steps, FakeEngine.Steps, FakeEngine.Steps], points.Select(series => series.Count));
        Assert.Equal(4, await db.Checkpoints.CountAsync(checkpoint => checkpoint.Complete && checkpoint.Final, TestContext.Current.CancellationToken));
        Assert.Equal(4, await db.RunLogs.CountAsync(line => line.Text == "All steps done.", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Wrong_experiment_is_rejected_with_every_error()
    {
        await using var lab = await CreateLabAsync();
        await lab.StartAsync(new FakeEngine());

        var experiment = await lab.SubmitAsync("""{"name": "", "base": {"patchSize": 5, "epochs": 0}, "axes": {"maskRatio": [1.5]}, "surprise": 1}""");

        var rejected = await lab.Facts.WaitForAsync<ExperimentRejected>(fact => fact.ExperimentId == experiment);
        string[] expected = ["base.epochs", "name", "surprise"];
        Assert.Equal(expected, rejected.Errors.Select(error => error.Field).Where(expected.Contains).Distinct().Order());
        await using var db = lab.Database.Open();
        Assert.False(await db.Experiments.AnyAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"name": "a\u0000b"}""")]
    [InlineData("""{"name": "lone \ud800 surrogate"}""")]
    public async Task Broken_definition_is_rejected_and_the_next_one_taken(string definition)
    {
        await using var lab = await CreateLabAsync();
        await lab.StartAsync(new FakeEngine());

        var broken = await lab.SubmitAsync(definition);
        var good = await lab.SubmitAsync(Lab.Definition());

        Assert.NotEmpty((await lab.Facts.WaitForAsync<ExperimentRejected>(fact => fact.ExperimentId == broken)).Errors);
        await lab.Facts.WaitForAsync<ExperimentAccepted>(fact => fact.ExperimentId == good);
    }

    [Fact]
    public async Task Repeated_submission_is_accepted_again_and_changes_nothing()
    {
        await using var lab = await CreateLabAsync();
        await lab.StartAsync(new FakeEngine());
        var id = Guid.CreateVersion7();

        for (var time = 1; time <= 3; time++)
        {
            await lab.SubmitAsync(Lab.Definition(axes: """{"seed": [1, 2]}"""), id);
        }

        await Eventually.GetAsync("third acceptance", () => Task.FromResult(lab.Facts.Of<ExperimentAccepted>().Count() == 3 ? "yes" : null));
        Assert.All(lab.Facts.Of<ExperimentAccepted>(), fact => Assert.Equal(new ExperimentAccepted(id, 2), fact));
        await using var db = lab.Database.Open();
        Assert.Equal(2, await db.Runs.CountAsync(TestContext.Current.CancellationToken));
    }
}

public sealed class RingOnRabbitMqTests(PostgresServer databases, RabbitMqServer brokers) : RingTests, IAsyncLifetime
{
    private TestVirtualHost? _broker;

    public async ValueTask InitializeAsync() => _broker = await brokers.CreateVirtualHostAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _broker!.DisposeAsync();

    private protected override async Task<Lab> CreateLabAsync() =>
        new(await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken), _broker);
}

public sealed class RingInOneProcessTests(SqliteFiles databases) : RingTests
{
    private protected override async Task<Lab> CreateLabAsync() =>
        new(await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken), broker: null);
}
