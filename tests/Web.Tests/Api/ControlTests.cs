using System.Net;
using MaeLab.Contracts.Commands;
using MaeLab.Domain.Runs;
using MaeLab.Web.Tests.Sample;

namespace MaeLab.Web.Tests.Api;

public sealed class ControlTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RunState.Running, "cancel", RunAction.Cancel)]
    [InlineData(RunState.Queued, "pause", RunAction.Pause)]
    [InlineData(RunState.Paused, "resume", RunAction.Resume)]
    [InlineData(RunState.Failed, "retry", RunAction.Retry)]
    public async Task Action_that_applies_is_sent_to_the_scheduler(RunState state, string verb, RunAction action)
    {
        var scheduler = await host.SchedulerAsync();
        var (_, runs) = await host.Samples.AddAsync(_ => state, Cancel, """{"name":"controlled"}""");

        using var response = await host.PostAsync($"api/v1/runs/{runs[0]}/{verb}", "");

        var body = await ApiHost.ReadAsync(response, HttpStatusCode.Accepted);
        Assert.Equal($$"""{"id":"{{runs[0]}}","action":"{{verb}}"}""", body.ToJsonString());
        Assert.Equal($"/api/v1/runs/{runs[0]}", response.Headers.Location?.ToString());
        var command = await scheduler.NextAsync<ControlRun>(Cancel);
        Assert.Equal((runs[0], action, "an API client"), (command.RunId, command.Action, command.RequestedBy));
    }

    [Theory]
    [InlineData(RunState.Completed, "cancel")]
    [InlineData(RunState.Completed, "retry")]
    [InlineData(RunState.Paused, "pause")]
    [InlineData(RunState.Running, "resume")]
    public async Task Action_that_does_not_apply_is_a_conflict(RunState state, string verb)
    {
        var (_, runs) = await host.Samples.AddAsync(_ => state, Cancel, """{"name":"controlled"}""");

        using var response = await host.PostAsync($"api/v1/runs/{runs[0]}/{verb}", "");

        var problem = await ApiHost.ReadProblemAsync(response, HttpStatusCode.Conflict);
        Assert.Equal($"The run is {state.ToString().ToLowerInvariant()}; {verb} does not apply to that.", (string)problem["detail"]!);
    }

    [Fact]
    public async Task Cancelling_an_experiment_cancels_what_is_not_over_the_last_run_first()
    {
        var scheduler = await host.SchedulerAsync();
        var (id, runs) = await host.Samples.AddAsync(
            index => index == 0 ? RunState.Completed : index == 1 ? RunState.Running : RunState.Queued, Cancel,
            """{"name":"controlled","axes":{"seed":[0,1,2]}}""");

        using var response = await host.PostAsync($"api/v1/experiments/{id}/cancel", "");

        var body = await ApiHost.ReadAsync(response, HttpStatusCode.Accepted);
        Assert.Equal(2, (int)body["runs"]!);
        Assert.Equal(runs[2], (await scheduler.NextAsync<ControlRun>(Cancel)).RunId);
        Assert.Equal(runs[1], (await scheduler.NextAsync<ControlRun>(Cancel)).RunId);
    }

    [Fact]
    public async Task Cancelling_an_experiment_cancels_its_jobs_before_its_runs()
    {
        var scheduler = await host.SchedulerAsync();
        var (id, runs) = await host.Samples.AddAsync(
            index => index == 0 ? RunState.Completed : RunState.Running, Cancel, """{"name":"examined meanwhile","axes":{"seed":[0,1]}}""");
        var jobs = new SampleJobs(host.Database.Contexts, TimeProvider.System);
        await jobs.AddAsync(await jobs.AddCheckpointAsync(runs[0], 100, Cancel), RunState.Completed, [], Cancel);
        var job = await jobs.AddAsync(await jobs.AddCheckpointAsync(runs[0], 310, Cancel), RunState.Queued, [], Cancel);

        using var response = await host.PostAsync($"api/v1/experiments/{id}/cancel", "");

        Assert.Equal(1, (int)(await ApiHost.ReadAsync(response, HttpStatusCode.Accepted))["runs"]!);
        Assert.Equal(job, (await scheduler.NextAsync<ControlRun>(Cancel)).RunId);
        Assert.Equal(runs[1], (await scheduler.NextAsync<ControlRun>(Cancel)).RunId);
    }
}
