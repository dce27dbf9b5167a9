using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using MaeLab.Contracts.Facts;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Runs;
using MaeLab.Hosting.Bus;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MaeLab.Messaging.Tests.Upgrades;

/// <summary>What earlier versions said, and may have left in a queue, is understood.</summary>
public sealed class CapturedMessageTests(PostgresServer databases, RabbitMqServer brokers) : IAsyncLifetime
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>What nobody wants to know any more.</summary>
    private static readonly string[] s_givenUp = ["submittedAt", "requestedAt"];

    private TestVirtualHost _broker = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _broker = await brokers.CreateVirtualHostAsync(Token);

    public async ValueTask DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public void Every_contract_has_a_captured_message() =>
        Assert.Equal(
            CapturedMessage.Contracts.Select(type => type.Name).Order(),
            CapturedMessage.All().Select(message => message.Name).Distinct().Order());

    [Fact]
    public async Task Every_captured_message_is_heard_with_all_that_was_said()
    {
        var heard = Channel.CreateUnbounded<object>();
        using var host = await StartAsync(heard.Writer);
        foreach (var message in CapturedMessage.All())
        {
            await message.PublishAsync(_broker, Token);

            var today = await heard.Reader.ReadAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token);
            Assert.IsType(message.Contract, today);
            var said = JsonSerializer.SerializeToNode(today, message.Contract, s_options)!.AsObject();
            Assert.All(message.Body().Where(field => !s_givenUp.Contains(field.Key)), field =>
                Assert.True(JsonNode.DeepEquals(field.Value, said[field.Key]), $"{message}: {field.Key} was {field.Value}, heard was {said[field.Key]}"));
        }

        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Scheduler_carries_out_what_the_first_version_asked_for()
    {
        await using var lab = new Lab(await databases.CreateDatabaseAsync(Token), _broker);
        await lab.StartClientAsync();
        await HearAsync(await lab.StartSchedulerAsync());
        var submission = new CapturedMessage("Initial", "SubmitExperiment");
        var experiment = (Guid)submission.Body()["experimentId"]!;

        await submission.PublishAsync(_broker, Token);

        Assert.Equal(new ExperimentAccepted(experiment, 4), await lab.Facts.WaitForAsync<ExperimentAccepted>());

        await new CapturedMessage("Initial", "ControlRun").PublishAsync(_broker, Token);

        Assert.Equal(RunIds.Create(experiment, 0), (await lab.WaitForRunAsync("cancelled", experiment, run => run.State == RunState.Cancelled)).Id);

        await new CapturedMessage("Initial", "RunnerReported").PublishAsync(_broker, Token);

        var runner = await Eventually.GetAsync("row of the runner", async () =>
        {
            await using var db = lab.Database.Open();
            return await db.Runners.AsNoTracking().SingleOrDefaultAsync(Token);
        });
        Assert.Equal(("gpu-1", 2, 1234.5, 42L), (runner.Name, runner.Slots, runner.GigaflopsPerSecond, runner.LastSequence));
        Assert.Contains("fashion-mnist-sample", runner.Datasets, StringComparison.Ordinal);
    }

    /// <summary>Somebody who hears every contract, as the services do.</summary>
    private async Task<IHost> StartAsync(ChannelWriter<object> heard)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton(heard);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Bus:Uri"] = _broker.Address.ToString() }).Build();
        builder.Services.AddMaeLabBus(configuration, bus =>
        {
            foreach (var contract in CapturedMessage.Contracts)
            {
                bus.AddConsumer(typeof(Hearer<>).MakeGenericType(contract));
            }
        });
        var host = builder.Build();
        await host.StartAsync(Token);
        await HearAsync(host);
        return host;
    }

    /// <summary>Until it has its queues: what is said before that is lost to it.</summary>
    private static async Task HearAsync(IHost host) => await host.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, Token);

    private sealed class Hearer<T>(ChannelWriter<object> heard) : IConsumer<T>
        where T : class
    {
        public Task Consume(ConsumeContext<T> context) => heard.WriteAsync(context.Message, context.CancellationToken).AsTask();
    }
}
