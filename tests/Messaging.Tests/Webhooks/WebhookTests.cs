using System.Net;
using System.Text.Json.Nodes;
using MaeLab.Contracts.Commands;
using MaeLab.Domain.Runs;
using MaeLab.Domain.Webhooks;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Storage.Model;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Messaging.Tests.Webhooks;

/// <summary>Whoever registered is told of a run's end, once it is true, however often it takes.</summary>
public sealed class WebhookTests(PostgresServer databases, RabbitMqServer brokers) : IAsyncLifetime
{
    private const string Secret = "a secret of the tests";

    private readonly Receiver _receiver = new();
    private TestVirtualHost _broker = null!;
    private Lab _lab = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _receiver.StartAsync();
        _broker = await brokers.CreateVirtualHostAsync(Token);
        _lab = new Lab(await databases.CreateDatabaseAsync(Token), _broker);
        _lab.Settings["Webhooks:AllowPrivateAddresses"] = "true";
        _lab.Settings["Webhooks:FirstPause"] = "00:00:00.01";
        _lab.Settings["Webhooks:MaxTries"] = "2";
        await _lab.StartClientAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await _broker.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Completed_run_is_told_with_a_signature_that_holds()
    {
        await RegisterAsync();
        await _lab.StartSchedulerAsync();
        await _lab.StartRunnerAsync("runner-1", new FakeEngine());

        var experiment = await _lab.SubmitAsync(Lab.Definition("Told", """{"maskRatio": [0.5]}"""));

        var call = await _receiver.NextAsync();
        Assert.True(call.IsSignedBy(Secret));
        Assert.False(call.IsSignedBy("another secret"));
        Assert.Equal(("/hook", "run.completed", "application/json"), (call.Path, call.Headers["X-MaeLab-Event"], call.Headers["Content-Type"]));
        var said = JsonNode.Parse(call.Body)!;
        Assert.Equal((call.Delivery, "run.completed"), ((string)said["delivery"]!, (string)said["event"]!));
        var run = said["run"]!;
        Assert.Equal((experiment, "Told", "completed", FakeEngine.Steps), ((Guid)run["experimentId"]!, (string)run["experiment"]!, (string)run["state"]!, (long)run["step"]!));
        Assert.Equal(0.5, (double)run["levels"]!["maskRatio"]!);
        Assert.Equal((DeliveryState.Delivered, 1, null), await SettledAsync(call.Delivery));
    }

    [Fact]
    public async Task Failed_try_is_repeated_under_the_same_id_and_redirects_are_not_followed()
    {
        await RegisterAsync();
        _receiver.Answers.Enqueue(HttpStatusCode.Found);
        await _lab.StartSchedulerAsync();

        await CancelRunAsync(await SubmitAsync());

        var (first, second) = (await _receiver.NextAsync(), await _receiver.NextAsync());
        Assert.Equal((first.Delivery, first.Body, "/hook"), (second.Delivery, second.Body, second.Path));
        Assert.Equal((DeliveryState.Delivered, 2, null), await SettledAsync(first.Delivery));
    }

    [Fact]
    public async Task What_was_not_sent_when_the_scheduler_ended_is_sent_by_the_next_one()
    {
        _lab.Settings["Webhooks:FirstPause"] = "00:00:03";
        await RegisterAsync();
        _receiver.Answers.Enqueue(HttpStatusCode.ServiceUnavailable);
        var scheduler = await _lab.StartSchedulerAsync();
        await CancelRunAsync(await SubmitAsync());
        var first = await _receiver.NextAsync();
        await _lab.StopAsync(scheduler);

        await _lab.StartSchedulerAsync();

        Assert.Equal(first.Delivery, (await _receiver.NextAsync()).Delivery);
        Assert.Equal(DeliveryState.Delivered, (await SettledAsync(first.Delivery)).State);
    }

    [Fact]
    public async Task Receiver_that_never_takes_anything_is_not_sent_to_any_more()
    {
        var hook = await RegisterAsync();
        _receiver.Always = HttpStatusCode.InternalServerError;
        await _lab.StartSchedulerAsync();
        for (var i = 0; i < WebhookRules.MaxGivenUp; i++)
        {
            await CancelRunAsync(await SubmitAsync());
            var (first, second) = (await _receiver.NextAsync(), await _receiver.NextAsync());
            Assert.Equal(first.Delivery, second.Delivery);
            Assert.Equal((DeliveryState.GivenUp, 2, "The receiver answered 500."), await SettledAsync(first.Delivery));
        }

        await CancelRunAsync(await SubmitAsync());

        await using var db = _lab.Database.Open();
        Assert.Equal(WebhookRules.MaxGivenUp, await db.WebhookDeliveries.CountAsync(Token));
        Assert.True(_receiver.IsQuiet);

        // Somebody switches it on again.
        await db.Webhooks.Where(row => row.Id == hook).ExecuteUpdateAsync(row => row.SetProperty(one => one.EnabledAt, DateTimeOffset.UtcNow), Token);
        _receiver.Always = null;
        await CancelRunAsync(await SubmitAsync());
        Assert.Equal((DeliveryState.Delivered, 1, null), await SettledAsync((await _receiver.NextAsync()).Delivery));
    }

    [Fact]
    public async Task Only_what_was_asked_for_is_told()
    {
        var other = await _lab.SubmitAsync(Lab.Definition("other"));
        await _lab.StartSchedulerAsync();
        await _lab.WaitForRunAsync("queued", other, _ => true);
        await RegisterAsync(hook => hook.Events = ["completed"]);
        await RegisterAsync(hook => hook.Enabled = false);
        await RegisterAsync(hook => (hook.Url, hook.ExperimentId) = ($"{_receiver.Address}other", other));

        await CancelRunAsync(await SubmitAsync());
        await CancelRunAsync(other);

        Assert.Equal("/other", (await _receiver.NextAsync()).Path);
        await using var db = _lab.Database.Open();
        Assert.Equal(1, await db.WebhookDeliveries.CountAsync(Token));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Address_of_this_machine_is_refused_unless_allowed(string host)
    {
        _lab.Settings["Webhooks:AllowPrivateAddresses"] = "false";
        await RegisterAsync(hook => hook.Url = $"http://{host}:{_receiver.Address.Port}/hook");
        await _lab.StartSchedulerAsync();

        await CancelRunAsync(await SubmitAsync());

        var settled = await SettledAsync(delivery: null);
        Assert.Equal((DeliveryState.GivenUp, 2), (settled.State, settled.Tries));
        Assert.Contains("is an address of this machine or its network", settled.Error, StringComparison.Ordinal);
        Assert.True(_receiver.IsQuiet);
    }

    private async Task<Guid> SubmitAsync()
    {
        var experiment = await _lab.SubmitAsync(Lab.Definition());
        await _lab.WaitForRunAsync("queued", experiment, run => run.State == RunState.Queued);
        return experiment;
    }

    /// <summary>Without a runner that is an end at once.</summary>
    private async Task CancelRunAsync(Guid experiment)
    {
        var run = await _lab.WaitForRunAsync("there", experiment, _ => true);
        await _lab.ControlAsync(run.Id, RunAction.Cancel);
        await _lab.WaitForRunAsync("cancelled", experiment, one => one.State == RunState.Cancelled);
    }

    private async Task<Guid> RegisterAsync(Action<WebhookRow>? change = null)
    {
        var now = DateTimeOffset.UtcNow;
        var row = new WebhookRow
        {
            Id = Guid.CreateVersion7(),
            Url = $"{_receiver.Address}hook",
            Secret = Secret,
            Events = [.. WebhookRules.Events],
            Enabled = true,
            EnabledAt = now,
            CreatedAt = now,
        };
        change?.Invoke(row);
        await using var db = _lab.Database.Open();
        db.Webhooks.Add(row);
        await db.SaveChangesAsync(Token);
        return row.Id;
    }

    private async Task<(DeliveryState State, int Tries, string? Error)> SettledAsync(string? delivery)
    {
        var row = await Eventually.GetAsync("settled delivery", async () =>
        {
            await using var db = _lab.Database.Open();
            return await db.WebhookDeliveries.AsNoTracking().SingleOrDefaultAsync(row => (delivery == null || row.Id == Guid.Parse(delivery)) && row.State != DeliveryState.Waiting, Token);
        });
        return (row.State, row.Tries, row.Error);
    }
}
