using MaeLab.Contracts;
using MaeLab.Contracts.Commands;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Web.Tests.Access;
using MaeLab.Web.Tests.Api;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

/// <summary>Commands that no scheduler could carry out, on the page of the runners.</summary>
public sealed class FailedMessagePageTests(SqliteFiles databases, RabbitMqServer brokers, Chromium chromium)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failed_command_is_shown_and_can_be_tried_again_or_discarded()
    {
        await using var broker = await brokers.CreateVirtualHostAsync(Cancel);
        await using var host = new BrokerHost(databases, broker.Address);
        await host.InitializeAsync();
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var scheduler = new ClumsyScheduler();
        await scheduler.ListenAsync(host.Services.GetRequiredService<IBusControl>());
        await using var browser = await chromium.OpenAsync(host.Door);

        await host.PublishAsync(new ControlRun(first, RunAction.Cancel, HostileTextTests.Text));
        await host.PublishAsync(new ControlRun(second, RunAction.Cancel, "a person"));
        await scheduler.WaitForTriesAsync(2);
        await browser.GoAsync("/runners");

        var messages = browser.TestId("failed-message");
        await Assertions.Expect(messages).ToHaveCountAsync(2);
        // Errors and what commands say quote what somebody wrote.
        await Assertions.Expect(messages.First).ToContainTextAsync(ClumsyScheduler.Error);
        await HostileTextTests.AssertNoneIsPartOfThePageAsync(browser);
        await messages.Filter(new() { HasText = first.ToString() }).GetByTestId("discard").ClickAsync();
        await Assertions.Expect(messages).ToHaveCountAsync(1);

        scheduler.IsClumsy = false;
        await messages.GetByTestId("requeue").ClickAsync();
        await Assertions.Expect(messages).ToHaveCountAsync(0);
        Assert.Equal(second, await scheduler.Carried.Task.WaitAsync(Cancel));
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Broker_that_does_not_answer_does_not_look_like_nothing_failed()
    {
        await using var broker = await brokers.CreateVirtualHostAsync(Cancel);
        await using var gate = new BrokerGate(broker.Address);
        await using var host = new BrokerHost(databases, gate.Address);
        await host.InitializeAsync();
        await using var browser = await chromium.OpenAsync(host.Door);
        gate.Cut();

        await browser.GoAsync("/runners");

        await Assertions.Expect(browser.TestId("failed-unknown")).ToContainTextAsync("did not answer");
    }

    private sealed class BrokerHost(SqliteFiles databases, Uri broker) : ApiHost(databases)
    {
        protected override Uri? Broker => broker;

        public Task PublishAsync<T>(T command)
            where T : class => Services.GetRequiredService<IBus>().Publish(command, Cancel);
    }

    /// <summary>Fails at every command until it is told not to.</summary>
    private sealed class ClumsyScheduler
    {
        public const string Error = $"Not today. {HostileTextTests.Text}";

        private readonly SemaphoreSlim _tries = new(0);

        public bool IsClumsy { get; set; } = true;

        public TaskCompletionSource<Guid> Carried { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task ListenAsync(IBusControl bus)
        {
            var endpoint = bus.ConnectReceiveEndpoint(QueueNames.SchedulerCommands, queue =>
            {
                ((IRabbitMqReceiveEndpointConfigurator)queue).SetQuorumQueue();
                queue.Handler<ControlRun>(context =>
                {
                    _tries.Release();
                    if (IsClumsy)
                    {
                        throw new InvalidOperationException(Error);
                    }

                    Carried.TrySetResult(context.Message.RunId);
                    return Task.CompletedTask;
                });
            });
            await endpoint.Ready.WaitAsync(Cancel);
        }

        public async Task WaitForTriesAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await _tries.WaitAsync(Cancel);
            }
        }
    }
}
