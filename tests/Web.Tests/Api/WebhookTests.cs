using System.Net;
using System.Text.Json.Nodes;
using MaeLab.Domain.Runs;
using MaeLab.Domain.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Api;

/// <summary>Registering webhooks; that they are sent to is tested with the scheduler (Messaging.Tests).</summary>
public sealed class WebhookTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Webhook_tells_its_secret_once_and_is_listed_without_it()
    {
        var added = await AddAsync("""{"url": "https://example.org/hook", "events": ["failed"]}""");

        var (id, secret) = ((Guid)added["id"]!, (string)added["secret"]!);
        Assert.Equal(48, secret.Length);
        var listed = await FindAsync(id);
        Assert.Equal(("https://example.org/hook", true, false), ((string)listed["url"]!, (bool)listed["enabled"]!, (bool)listed["gaveUp"]!));
        Assert.Equal(["failed"], listed["events"]!.AsArray().Select(word => (string)word!));
        Assert.DoesNotContain(secret, listed.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", "url")]
    [InlineData("""{"url": "ftp://example.org"}""", "url")]
    [InlineData("""{"url": "//example.org"}""", "url")]
    [InlineData("""{"url": "file:///etc/passwd"}""", "url")]
    [InlineData("""{"url": "http://me:secret@example.org"}""", "url")]
    [InlineData("""{"url": "https://example.org", "secret": "short"}""", "secret")]
    [InlineData("""{"url": "https://example.org", "events": []}""", "events")]
    [InlineData("""{"url": "https://example.org", "events": ["queued"]}""", "events")]
    [InlineData("""{"url": "https://example.org", "experiment": "019ab4b5-b000-7000-8000-000000000001"}""", "experiment")]
    public async Task Wrong_webhook_is_refused_by_field(string json, string field)
    {
        using var response = await host.PostAsync("api/v1/webhooks", json);

        var problem = await SqliteApiHost.ReadProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.NotNull(problem["errors"]![field]);
    }

    [Fact]
    public async Task Webhook_that_gave_up_says_so_until_it_is_enabled_again()
    {
        var (experiment, runs) = await host.Samples.AddAsync(_ => RunState.Completed, Cancel);
        var id = (Guid)(await AddAsync($$"""{"url": "https://example.org/hook", "experiment": "{{experiment}}"}"""))["id"]!;
        await using (var db = host.Database.Open())
        {
            var after = (await db.Webhooks.SingleAsync(hook => hook.Id == id, Cancel)).EnabledAt;
            db.WebhookDeliveries.AddRange(Enumerable.Range(1, WebhookRules.MaxGivenUp).Select(i => new Storage.Model.WebhookDeliveryRow
            {
                Id = Guid.CreateVersion7(),
                WebhookId = id,
                RunId = runs[0],
                Event = "run.completed",
                Payload = "{}",
                State = DeliveryState.GivenUp,
                Tries = 8,
                NextAt = after,
                CreatedAt = after.AddMilliseconds(i),
                Error = "The receiver answered 500.",
            }));
            await db.SaveChangesAsync(Cancel);
        }

        Assert.True((bool)(await FindAsync(id))["gaveUp"]!);
        var deliveries = (await host.GetAsync($"api/v1/webhooks/{id}/deliveries"))["items"]!.AsArray();
        Assert.Equal(WebhookRules.MaxGivenUp, deliveries.Count);
        Assert.All(deliveries, delivery => Assert.Equal(("givenUp", "The receiver answered 500."), ((string)delivery!["state"]!, (string)delivery["error"]!)));

        using var switched = await host.Http.PatchAsync($"api/v1/webhooks/{id}", new StringContent("""{"enabled": true}""", System.Text.Encoding.UTF8, "application/json"), Cancel);

        Assert.False((bool)(await SqliteApiHost.ReadAsync(switched, HttpStatusCode.OK))["gaveUp"]!);
        using var deleted = await host.Http.DeleteAsync($"api/v1/webhooks/{id}", Cancel);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        await host.GetProblemAsync($"api/v1/webhooks/{id}/deliveries", HttpStatusCode.NotFound);
    }

    private async Task<JsonObject> AddAsync(string json)
    {
        using var response = await host.PostAsync("api/v1/webhooks", json);
        return await SqliteApiHost.ReadAsync(response, HttpStatusCode.Created);
    }

    private async Task<JsonNode> FindAsync(Guid id) => (await host.GetAsync("api/v1/webhooks"))["items"]!.AsArray().Single(hook => (Guid)hook!["id"]! == id)!;
}
