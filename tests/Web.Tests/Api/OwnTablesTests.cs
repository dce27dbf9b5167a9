using System.Net;
using System.Text.Json.Nodes;
using MaeLab.Contracts.Commands;
using MaeLab.Domain.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Api;

/// <summary>What web writes itself is there with the answer; what it does not, deletion, travels to the scheduler.</summary>
public sealed class OwnTablesTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Annotation_changes_what_is_said_and_leaves_the_rest()
    {
        var run = await AddAsync(RunState.Completed);

        await SendAsync(HttpMethod.Patch, $"runs/{run}/annotation", """{"tags":["b","a","b"],"note":"**odd**"}""", HttpStatusCode.OK);
        var said = await SendAsync(HttpMethod.Patch, $"runs/{run}/annotation", """{"archived":true}""", HttpStatusCode.OK);

        Assert.Equal("""{"tags":["a","b"],"archived":true,"note":"**odd**"}""", said.ToJsonString());
        Assert.Null((await SendAsync(HttpMethod.Patch, $"runs/{run}/annotation", """{"note":""}""", HttpStatusCode.OK))["note"]);
    }

    [Theory]
    [InlineData("""{}""", "$", "Say tags, archived, note or several of them.")]
    [InlineData("""{"tags":["ok"," no"]}""", "tags[1]", "A tag must have a character, and no spaces at its ends.")]
    [InlineData("""{"note":"a\u0000b"}""", "note", "The note holds the character U+0000, which no text here has.")]
    [InlineData("""{"archived":"yes"}""", "archived", "This is not as it must be. Known: tags (a list of texts), archived (true or false), note (a text).")]
    public async Task What_cannot_be_said_is_named(string body, string field, string message)
    {
        var run = await AddAsync(RunState.Completed);

        var problem = await SendAsync(HttpMethod.Patch, $"runs/{run}/annotation", body, HttpStatusCode.BadRequest);

        Assert.Equal(message, (string)problem["errors"]![field]![0]!);
    }

    [Fact]
    public async Task Experiment_has_a_note()
    {
        var (experiment, _) = await host.Samples.AddAsync(_ => RunState.Queued, Cancel);

        await SendAsync(HttpMethod.Put, $"experiments/{experiment}/note", """{"note":"Why?"}""", HttpStatusCode.OK);

        Assert.Equal("Why?", (string)(await host.GetAsync($"api/v1/experiments/{experiment}/note"))["note"]!);
    }

    [Fact]
    public async Task Run_that_is_over_is_deleted_hidden_and_restored()
    {
        var scheduler = await host.SchedulerAsync();
        var run = await AddAsync(RunState.Failed);
        await SendAsync(HttpMethod.Post, $"runs/{run}/restore", "", HttpStatusCode.Conflict);

        await SendAsync(HttpMethod.Delete, $"runs/{run}", "", HttpStatusCode.Accepted);
        Assert.Equal([run], (await scheduler.NextAsync<DeleteRuns>(Cancel)).RunIds);
        await using (var db = host.Database.Open())
        {
            await db.Runs.Where(row => row.Id == run).ExecuteUpdateAsync(row => row.SetProperty(r => r.DeletedAt, DateTimeOffset.UtcNow), Cancel);
        }

        await host.GetProblemAsync($"api/v1/runs/{run}", HttpStatusCode.NotFound);
        await host.GetProblemAsync($"api/v1/runs/{run}/metrics", HttpStatusCode.NotFound);
        Assert.Empty((await host.GetAsync($"api/v1/runs?q={run}"))["items"]!.AsArray());
        await SendAsync(HttpMethod.Post, $"runs/{run}/restore", "", HttpStatusCode.Accepted);
        Assert.Equal([run], (await scheduler.NextAsync<RestoreRuns>(Cancel)).RunIds);
    }

    [Theory]
    [InlineData(RunState.Queued)]
    [InlineData(RunState.Running)]
    [InlineData(RunState.Paused)]
    public async Task Run_that_is_not_over_is_not_deleted(RunState state)
    {
        var run = await AddAsync(state);

        var problem = await SendAsync(HttpMethod.Delete, $"runs/{run}", "", HttpStatusCode.Conflict);

        Assert.Equal("The run is not over; cancel it first.", (string)problem["detail"]!);
    }

    [Fact]
    public async Task Views_are_saved_listed_changed_and_deleted()
    {
        var view = await SendAsync(HttpMethod.Post, "views", """{"name":"failures","query":"state=failed"}""", HttpStatusCode.Created);
        var id = (Guid)view["id"]!;
        await SendAsync(HttpMethod.Post, "views", """{"name":"failures","query":""}""", HttpStatusCode.Conflict);
        await SendAsync(HttpMethod.Post, "views", """{"name":"failures"}""", HttpStatusCode.BadRequest);
        await SendAsync(HttpMethod.Patch, $"views/{id}", """{"name":" "}""", HttpStatusCode.BadRequest);

        var changed = await SendAsync(HttpMethod.Patch, $"views/{id}", """{"name":"what failed"}""", HttpStatusCode.OK);

        Assert.Equal(("what failed", "state=failed"), ((string)changed["name"]!, (string)changed["query"]!));
        Assert.Contains("what failed", (await host.GetAsync("api/v1/views"))["items"]!.AsArray().Select(item => (string)item!["name"]!));
        await SendAsync(HttpMethod.Delete, $"views/{id}", "", HttpStatusCode.OK);
        await SendAsync(HttpMethod.Delete, $"views/{id}", "", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Counts_of_an_experiment_leave_deleted_runs_out()
    {
        var (experiment, runs) = await host.Samples.AddAsync(_ => RunState.Completed, Cancel, """{"name":"counted","axes":{"seed":[0,1,2]}}""");
        await using (var db = host.Database.Open())
        {
            await db.Runs.Where(row => row.Id == runs[0]).ExecuteUpdateAsync(row => row.SetProperty(r => r.DeletedAt, DateTimeOffset.UtcNow), Cancel);
        }

        var told = await host.GetAsync($"api/v1/experiments/{experiment}");
        var matrix = await host.GetAsync($"api/v1/experiments/{experiment}/matrix");

        Assert.Equal((2, 2, 1.0), ((int)told["runCount"]!, (int)told["runs"]!["completed"]!, (double)told["progress"]!));
        Assert.Equal(2, (int)Assert.Single(matrix["cells"]!.AsArray())!["n"]!);
    }

    private async Task<Guid> AddAsync(RunState state) => (await host.Samples.AddAsync(_ => state, Cancel, """{"name":"said"}""")).RunIds[0];

    private async Task<JsonObject> SendAsync(HttpMethod method, string address, string body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, $"api/v1/{address}");
        request.Content = body.Length > 0 ? new StringContent(body, System.Text.Encoding.UTF8, "application/json") : null;
        using var response = await host.Http.SendAsync(request, Cancel);
        return (int)expected < 400 ? await ApiHost.ReadAsync(response, expected) : await ApiHost.ReadProblemAsync(response, expected);
    }
}
