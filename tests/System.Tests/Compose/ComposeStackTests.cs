using System.Net;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using Microsoft.Playwright;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace MaeLab.System.Tests.Compose;

/// <summary>The main job on what <c>docker compose up</c> starts, see <see cref="ComposeStack"/>.</summary>
public sealed class ComposeStackTests(PostgresServer databases, RabbitMqServer brokers, Chromium chromium)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stack_takes_an_ablation_from_submission_to_the_matrix_and_nobody_has_more_rights_than_needed()
    {
        await using var stack = await ComposeStack.StartAsync(databases, brokers, Cancel);

        var (answer, matrix) = await TwoByTwo.TrainAsync(stack.Http, "on the stack", () => stack.Output, Cancel);

        Assert.Equal(4, matrix["cells"]!.AsArray().Count);
        await AssertShownAsync(stack, (string)answer["id"]!);
        await AssertNobodyElseComesInAsync(stack);
        await AssertMetricsAreToldOnTheirPortAloneAsync(stack);
        foreach (var (service, may) in new[] { ("scheduler", true), ("runner", false), ("web", false) })
        {
            Assert.Equal(may, await MayAsync(stack, service, "UPDATE runs SET state = 'Cancelled' WHERE false"));
            Assert.False(await MayAsync(stack, service, "DROP TABLE runs"));
            Assert.Equal(service == "web", await MayAsync(stack, service, "SELECT password_hash FROM users"));
        }

        // What each must send and hear, the run above has shown.
        Assert.False(await MaySendAsync(stack, "runner", "MaeLab.Contracts.Commands:DeleteRuns"), "a runner can give commands of people");
        Assert.False(await MaySendAsync(stack, "runner", "scheduler-commands"), "a runner can give commands of people");
        Assert.False(await MaySendAsync(stack, "web", "MaeLab.Contracts.Facts:RunEnded"), "web can end runs");
        Assert.False(await MayTakeAsync(stack, "runner", "scheduler-commands"), "a runner can read commands of people");
        Assert.False(await MayTakeAsync(stack, "web", "scheduler-run-facts"), "web can take the scheduler's facts");
    }

    private async Task AssertShownAsync(ComposeStack stack, string experiment)
    {
        await using var browser = await chromium.OpenAsync(stack.Door);
        await browser.GoAsync($"/experiments/{experiment}");
        await Assertions.Expect(browser.Page.GetByTestId("matrix-cell")).ToHaveCountAsync(4);
        await Assertions.Expect(browser.Page.GetByTestId("experiment-progress")).ToHaveTextAsync("100 %");
        Assert.Empty(browser.Problems);
    }

    private static async Task AssertNobodyElseComesInAsync(ComposeStack stack)
    {
        using var stranger = new HttpClient { BaseAddress = stack.Http.BaseAddress };
        using var refused = await stranger.GetAsync(new Uri("api/v1/runs", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private static async Task AssertMetricsAreToldOnTheirPortAloneAsync(ComposeStack stack)
    {
        using var prometheus = new HttpClient();
        Assert.Equal(3, stack.Addresses.Count);
        foreach (var (metrics, service) in stack.Addresses)
        {
            Assert.Contains("# TYPE ", await prometheus.GetStringAsync(metrics, Cancel), StringComparison.Ordinal);
            using var published = await prometheus.GetAsync(new Uri(service, "metrics"), Cancel);
            Assert.False(published.IsSuccessStatusCode && (await published.Content.ReadAsStringAsync(Cancel)).Contains("# TYPE ", StringComparison.Ordinal));
        }
    }

    private static async Task<bool> MayAsync(ComposeStack stack, string service, string sql)
    {
        await using var connection = stack.Connect(service);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        try
        {
            await command.ExecuteNonQueryAsync(Cancel);
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }

    private static Task<bool> MaySendAsync(ComposeStack stack, string service, string exchange) => MayAsync(
        stack, service, channel => channel.BasicPublishAsync(exchange, routingKey: "", mandatory: false, body: new byte[] { 0 }, Cancel).AsTask());

    private static Task<bool> MayTakeAsync(ComposeStack stack, string service, string queue) => MayAsync(
        stack, service, channel => channel.BasicGetAsync(queue, autoAck: false, Cancel));

    private static async Task<bool> MayAsync(ComposeStack stack, string service, Func<IChannel, Task> act)
    {
        await using var connection = await new ConnectionFactory { Uri = stack.BrokerOf(service) }.CreateConnectionAsync(Cancel);
        await using var channel = await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancel);
        try
        {
            await act(channel);
            return true;
        }
        catch (OperationInterruptedException refused) when (refused.ShutdownReason?.ReplyCode == Constants.AccessRefused)
        {
            return false;
        }
    }
}
