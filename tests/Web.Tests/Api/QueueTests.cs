using System.Net;
using System.Text;
using MaeLab.Contracts.Commands;
using MaeLab.Domain.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Api;

/// <summary>Priority, weight and order after submission.</summary>
public sealed class QueueTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
    private const string Definition = """{"name":"queued","axes":{"maskRatio":[0.5,0.75],"seed":[0,1]}}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_are_sent_to_the_scheduler()
    {
        var scheduler = await host.SchedulerAsync();
        var (id, runs) = await host.Samples.AddAsync(index => index == 3 ? RunState.Completed : RunState.Queued, Cancel, Definition);

        await AcceptAsync(HttpMethod.Patch, $"experiments/{id}", """{"priority":5,"weight":2.5}""");
        Assert.Equal(new ChangeExperiment(id, 5, 2.5, "an API client"), await scheduler.NextAsync<ChangeExperiment>(Cancel));
        await AcceptAsync(HttpMethod.Patch, $"experiments/{id}/cells/1", """{"priority":-1}""");
        var cell = await scheduler.NextAsync<PrioritizeRuns>(Cancel);
        Assert.Equal([runs[2]], cell.RunIds); // the other one is over
        Assert.Equal(-1, cell.Priority);
        await AcceptAsync(HttpMethod.Patch, $"runs/{runs[1]}", """{"priority":3}""");
        Assert.Equal([runs[1]], (await scheduler.NextAsync<PrioritizeRuns>(Cancel)).RunIds);
        await AcceptAsync(HttpMethod.Post, $"runs/{runs[2]}/move", $$"""{"before":"{{runs[0]}}"}""");
        var move = await scheduler.NextAsync<MoveRuns>(Cancel);
        Assert.Equal([runs[2]], move.RunIds);
        Assert.Equal(runs[0], move.Before);
        await AcceptAsync(HttpMethod.Post, $"runs/{runs[2]}/move", "{}");
        Assert.Null((await scheduler.NextAsync<MoveRuns>(Cancel)).Before);
        await AcceptAsync(HttpMethod.Post, $"runs/{runs[0]}/move", $$"""{"after":"{{runs[2]}}"}""");
        move = await scheduler.NextAsync<MoveRuns>(Cancel);
        Assert.Equal((null, runs[2]), (move.Before, move.After));
    }

    private const string Star = """{"name":"star","design":"star","axes":{"maskRatio":[0.75,0.5],"patchSize":[4,7],"seed":[0,1]}}""";

    [Fact]
    public async Task Cell_that_a_star_has_not_is_sent_to_the_scheduler_in_the_words_of_its_axes()
    {
        var scheduler = await host.SchedulerAsync();
        var (id, _) = await host.Samples.AddAsync(_ => RunState.Queued, Cancel, Star);

        await AcceptAsync(HttpMethod.Post, $"experiments/{id}/cells", """{"levels":{"patchSize":7.0,"maskRatio":0.50}}""");

        var cell = await scheduler.NextAsync<QueueCell>(Cancel);
        Assert.Equal((id, "an API client"), (cell.ExperimentId, cell.RequestedBy));
        Assert.Equal(new Dictionary<string, string> { ["maskRatio"] = "0.5", ["patchSize"] = "7" }, cell.Levels);
    }

    [Theory]
    [InlineData("{}", "$")]
    [InlineData("""{"levels":null}""", "levels.maskRatio levels.patchSize")]
    [InlineData("""{"levels":[]}""", "levels")]
    [InlineData("""{"levels":{"maskRatio":0.5}}""", "levels.patchSize")]
    [InlineData("""{"levels":{"maskRatio":0.6,"patchSize":7}}""", "levels.maskRatio")]
    [InlineData("""{"levels":{"maskRatio":0.5,"patchSize":null}}""", "levels.patchSize")]
    [InlineData("""{"levels":{"maskRatio":0.5,"patchSize":7,"epochs":3}}""", "levels.epochs")]
    public async Task Cell_that_cannot_be_says_which_level_it_is(string body, string fields)
    {
        var (id, _) = await host.Samples.AddAsync(_ => RunState.Queued, Cancel, Star);

        using var response = await SendAsync(HttpMethod.Post, $"experiments/{id}/cells", body);

        var problem = await ApiHost.ReadProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal(fields.Split(' '), problem["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task Cell_that_has_runs_is_not_queued_again()
    {
        var (id, _) = await host.Samples.AddAsync(_ => RunState.Queued, Cancel, Star);

        using var response = await SendAsync(HttpMethod.Post, $"experiments/{id}/cells", """{"levels":{"maskRatio":0.5,"patchSize":4}}""");

        await ApiHost.ReadProblemAsync(response, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Cell_that_lost_a_seed_is_queued_again()
    {
        var scheduler = await host.SchedulerAsync();
        var (id, runs) = await host.Samples.AddAsync(_ => RunState.Completed, Cancel, Star);
        await using (var db = host.Database.Open())
        {
            await db.Runs.Where(row => row.Id == runs[1]).ExecuteUpdateAsync(row => row.SetProperty(run => run.DeletedAt, DateTimeOffset.UtcNow), Cancel);
        }

        await AcceptAsync(HttpMethod.Post, $"experiments/{id}/cells", """{"levels":{"maskRatio":0.75,"patchSize":4}}""");

        Assert.Equal(new Dictionary<string, string> { ["maskRatio"] = "0.75", ["patchSize"] = "4" }, (await scheduler.NextAsync<QueueCell>(Cancel)).Levels);
    }

    [Theory]
    [InlineData("PATCH", "experiments/{experiment}", """{"priority":1001}""", "priority", "Priority must be from -1000 to 1000, not 1001.")]
    [InlineData("PATCH", "experiments/{experiment}", """{"weight":0}""", "weight", "Weight must be from 0.01 to 100, not 0.")]
    [InlineData("PATCH", "experiments/{experiment}", """{"weight":"2"}""", "weight", "This is not as it must be. Known: priority (a whole number), weight (a number).")]
    [InlineData("PATCH", "experiments/{experiment}", """{"order":1}""", "order", "This is not as it must be. Known: priority (a whole number), weight (a number).")]
    [InlineData("PATCH", "experiments/{experiment}", "{}", "$", "Say priority, weight or both.")]
    [InlineData("PATCH", "runs/{run}", "{}", "priority", "Say the priority.")]
    [InlineData("POST", "runs/{run}/move", """{"before":"first"}""", "before", "This is not as it must be. Known: before (an id), after (an id).")]
    [InlineData("POST", "runs/{run}/move", """{"before":"{run}","after":"{run}"}""", "after", "Say before or after, not both.")]
    public async Task Wrong_field_is_named(string method, string address, string body, string field, string message)
    {
        var (id, runs) = await host.Samples.AddAsync(_ => RunState.Queued, Cancel, Definition);

        using var response = await SendAsync(new(method), Fill(address), Fill(body));

        var problem = await ApiHost.ReadProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal($$"""{"{{field}}":["{{message}}"]}""", problem["errors"]!.ToJsonString());

        string Fill(string text) => text.Replace("{experiment}", $"{id}", StringComparison.Ordinal).Replace("{run}", $"{runs[0]}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_or_does_not_wait_is_told()
    {
        var (id, runs) = await host.Samples.AddAsync(index => index == 0 ? RunState.Running : RunState.Completed, Cancel, Definition);
        const string Priority = """{"priority":1}""";

        foreach (var (method, address, body, status) in new[]
        {
            (HttpMethod.Patch, $"experiments/{Guid.Empty}", Priority, HttpStatusCode.NotFound),
            (HttpMethod.Patch, $"experiments/{id}/cells/7", Priority, HttpStatusCode.NotFound),
            (HttpMethod.Patch, $"runs/{Guid.Empty}", Priority, HttpStatusCode.NotFound),
            (HttpMethod.Patch, $"runs/{runs[1]}", Priority, HttpStatusCode.Conflict),
            (HttpMethod.Post, $"runs/{runs[0]}/move", "{}", HttpStatusCode.Conflict),
        })
        {
            using var response = await SendAsync(method, address, body);
            await ApiHost.ReadProblemAsync(response, status);
        }
    }

    [Fact]
    public async Task Transport_within_the_process_keeps_no_failed_messages()
    {
        Assert.Empty((await host.GetAsync("api/v1/failed-messages"))["items"]!.AsArray());
        using var response = await host.PostAsync("api/v1/failed-messages/any/requeue", "");
        await ApiHost.ReadProblemAsync(response, HttpStatusCode.NotFound);
    }

    private async Task AcceptAsync(HttpMethod method, string address, string body)
    {
        using var response = await SendAsync(method, address, body);
        await ApiHost.ReadAsync(response, HttpStatusCode.Accepted);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, string body)
    {
        using var request = new HttpRequestMessage(method, $"api/v1/{address}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return await host.Http.SendAsync(request, Cancel);
    }
}
