using System.Text.Json.Serialization;
using MaeLab.Hosting.Options;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MaeLab.Hosting.Bus;

public static class BusRegistration
{
    /// <summary>A process that is stopped keeps what was delivered to it; after some two of these the broker gives it to another.</summary>
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(8);

    /// <summary>Some hundredths of a second where nobody else works.</summary>
    private static readonly TimeSpan s_election = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The one bus of a process. Every service hosted in it contributes its consumers; a process of one service gives
    /// one contribution, the one-process product all three.
    /// </summary>
    /// <remarks>
    /// Not to be used with it: delayed or scheduled messages, delayed redelivery, job consumers (they hang or fault in a
    /// storm on a broker without the delayed-exchange plugin) and priority queues (quorum queues refuse them).
    /// </remarks>
    public static IServiceCollection AddMaeLabBus(
        this IServiceCollection services, IConfiguration configuration, params Action<IBusRegistrationConfigurator>[] contributions)
    {
        services.AddCheckedOptions<BusOptions>(configuration, BusOptions.Section);
        services.Configure<MassTransitHostOptions>(host =>
        {
            // A service starts, and answers its health endpoints, while the broker is away.
            host.WaitUntilStarted = false;
            host.StopTimeout = TimeSpan.FromSeconds(10);
            host.ConsumerStopTimeout = TimeSpan.FromSeconds(5);
        });
        return services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.ConfigureHealthCheckOptions(check => check.Name = "broker");
            bus.SetKebabCaseEndpointNameFormatter();
            foreach (var contribute in contributions)
            {
                contribute(bus);
            }

            if (IsInMemory(configuration))
            {
                bus.UsingInMemory((context, transport) => Configure(context, transport));
            }
            else
            {
                bus.UsingRabbitMq((context, transport) =>
                {
                    Connect(transport, context.GetRequiredService<IOptions<BusOptions>>().Value);
                    foreach (var publication in context.GetServices<DurablePublication>())
                    {
                        publication.Declare(transport);
                    }

                    Configure(context, transport);
                });
            }
        });
    }

    private static void Connect(IRabbitMqBusFactoryConfigurator transport, BusOptions options) => transport.Host(new Uri(options.Uri), host =>
    {
        host.Heartbeat(s_heartbeat);
        if (options.Nodes.Length == 0)
        {
            return;
        }

        // The queues that the lost node led choose another leader just now. A channel whose first message for one of them comes before that is
        // rejected for as long as it lives (RabbitMQ 3.10), and MassTransit keeps it.
        var connects = 0;
        host.OnRefreshConnectionFactory = _ => Interlocked.Increment(ref connects) == 1 ? Task.CompletedTask : Task.Delay(s_election);

        // Every connection tries the node after the one before. Not all services begin with the same one.
        var nodes = options.Addresses.ToArray();
        Random.Shared.Shuffle(nodes);
        host.UseCluster(cluster =>
        {
            foreach (var (name, port) in nodes)
            {
                cluster.Node($"{name}:{port}");
            }
        });
    });

    private static void Configure<T>(IBusRegistrationContext context, IBusFactoryConfigurator<T> transport)
        where T : IReceiveEndpointConfigurator
    {
        transport.ConfigureJsonSerializerOptions(json =>
        {
            json.Converters.Add(new JsonStringEnumConverter());
            return json;
        });
        transport.ConfigureEndpoints(context);
    }

    // The transport decides what is registered, so it is read before the options are validated; a word that is no
    // transport is left to their validation.
    private static bool IsInMemory(IConfiguration configuration) =>
        Enum.TryParse<BusTransport>(configuration[$"{BusOptions.Section}:{nameof(BusOptions.Transport)}"], ignoreCase: true, out var transport)
        && transport == BusTransport.InMemory;
}
