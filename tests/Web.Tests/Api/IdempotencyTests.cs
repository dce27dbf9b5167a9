using System.Net;
using System.Text;
using MaeLab.Contracts.Commands;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Api;

/// <summary>A submission that a client repeats because it did not hear the answer makes no second experiment.</summary>
public sealed class IdempotencyTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
    private const string Definition = """{"name":"once","axes":{"seed":[0,1]}}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Key_travels_with_the_submission_and_finds_its_experiment_afterwards()
    {
        var scheduler = await host.SchedulerAsync();
        using var first = await SubmitAsync("key-1", Definition);
        await ApiHost.ReadAsync(first, HttpStatusCode.Created);
        Assert.Equal("key-1", (await scheduler.NextAsync<SubmitExperiment>(Cancel)).IdempotencyKey);

        // As the scheduler would have stored it.
        var (id, _) = await host.Samples.AddAsync(_ => RunState.Queued, Cancel, Definition);
        await using (var db = host.Database.Open())
        {
            await db.Experiments.Where(experiment => experiment.Id == id)
                .ExecuteUpdateAsync(experiment => experiment.SetProperty(row => row.IdempotencyKey, "key-1"), Cancel);
        }

        using var repeated = await SubmitAsync("key-1", Definition);
        var body = await ApiHost.ReadAsync(repeated, HttpStatusCode.Created);
        Assert.Equal(id, (Guid)body["id"]!);
        Assert.Equal([RunIds.Create(id, 0), RunIds.Create(id, 1)], body["runIds"]!.AsArray().Select(run => (Guid)run!));

        using var other = await SubmitAsync("key-1", Definition.Replace("once", "twice", StringComparison.Ordinal));
        await ApiHost.ReadProblemAsync(other, HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Key_that_is_too_long_is_refused()
    {
        using var response = await SubmitAsync(new string('k', 201), Definition);

        var problem = await ApiHost.ReadProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal("""{"Idempotency-Key":["The key must have 1 to 200 characters."]}""", problem["errors"]!.ToJsonString());
    }

    private async Task<HttpResponseMessage> SubmitAsync(string key, string definition)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/experiments") { Content = new StringContent(definition, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        return await host.Http.SendAsync(request, Cancel);
    }
}
