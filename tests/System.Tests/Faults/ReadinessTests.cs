using System.Net;
using System.Text.Json.Nodes;
using MaeLab.Testing;
using MaeLab.Testing.Ring;

namespace MaeLab.System.Tests.Faults;

/// <summary><c>/readyz</c> of every service tells what it cannot work without, for as long as that is so; <c>/healthz</c> that it lives.</summary>
public sealed class ReadinessTests
{
    private const string History = "\"__EFMigrationsHistory\"";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readyz_of_every_service_names_what_is_away_until_it_is_back()
    {
        await using var ring = await FaultRing.StartAsync(new(TimeSpan.FromSeconds(15)), Cancel);
        var watch = new RingWatch(ring, Cancel);

        await AssertMissedAsync(ring, "broker", ring.Broker.StopAsync, ring.Broker.StartAsync);
        await AssertMissedAsync(ring, "broker", ring.Broker.KillAsync, ring.Broker.StartAsync);
        await AssertMissedAsync(ring, "database", ring.Database.StopAsync, ring.Database.StartAsync);
        await AssertMissedAsync(ring, "database", ring.Database.KillAsync, ring.Database.StartAsync);

        var newest = (await watch.ReadAsync($"SELECT max(migration_id) FROM {History}"))!;
        await AssertMissedAsync(
            ring,
            "database",
            () => watch.ReadAsync($"INSERT INTO {History} VALUES ('20991231000000_FromTheFuture', '99.0.0')"),
            () => watch.ReadAsync($"DELETE FROM {History} WHERE migration_id > '{newest}'"),
            "newer than this program");
        await AssertMissedAsync(
            ring,
            "database",
            () => watch.ReadAsync($"DELETE FROM {History} WHERE migration_id = '{newest}'"),
            () => watch.ReadAsync($"INSERT INTO {History} VALUES ('{newest}', '10.0.0')"),
            $"pending: {newest}");
    }

    /// <param name="says">Part of the reason.</param>
    private static async Task AssertMissedAsync(FaultRing ring, string part, Func<Task> begin, Func<Task> end, string says = "")
    {
        await begin();
        foreach (var service in ring.Services)
        {
            await WaitAsync(ring, service, $"readyz of {service.Name} without {part}", (status, checks) =>
                status == HttpStatusCode.ServiceUnavailable && (string?)checks[part]!["status"] != "Healthy"
                && ((string?)checks[part]!["description"])!.Contains(says, StringComparison.Ordinal));
            Assert.Equal("Healthy", await ring.Http.GetStringAsync(new Uri(service.Address, "healthz"), Cancel));
        }

        await end();
        foreach (var service in ring.Services)
        {
            await WaitAsync(ring, service, $"readyz of {service.Name} with {part} again", (status, _) => status == HttpStatusCode.OK);
        }
    }

    private static Task<HttpResponseMessage> WaitAsync(FaultRing ring, ServiceVictim service, string what, Func<HttpStatusCode, JsonNode, bool> isIt)
    {
        var last = "no answer";
        return Eventually.GetAsync(
            what,
            async () =>
            {
                using var answer = await HttpQuestion.TryAsync(() => ring.Http.GetAsync(new Uri(service.Address, "readyz"), Cancel), Cancel);
                last = answer is null ? "no answer" : await answer.Content.ReadAsStringAsync(Cancel);
                return answer is not null && isIt(answer.StatusCode, JsonNode.Parse(last)!["checks"]!) ? answer : null;
            },
            RingWatch.Patience,
            () => last + ring.Output);
    }
}
