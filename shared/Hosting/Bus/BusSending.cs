using MassTransit;
using Microsoft.Extensions.Logging;

namespace MaeLab.Hosting.Bus;

/// <summary>
/// For messages that may be lost: says them without ever holding up the caller for longer than a few seconds.
/// (While the broker is away a plain Publish waits until it is back.)
/// </summary>
public static partial class BusSending
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>False when the broker did not confirm it in time; the reason is logged.</returns>
    public static Task<bool> TryPublishAsync<T>(this IBus bus, T message, ILogger logger, CancellationToken cancellationToken)
        where T : class =>
        TryAsync(token => bus.Publish(message, token), typeof(T).Name, logger, cancellationToken);

    /// <summary>
    /// Sends to the exchange of a queue. Not to the queue itself: a <c>queue:</c> address declares it with default
    /// arguments, which RabbitMQ refuses where the receiver chose others.
    /// </summary>
    /// <inheritdoc cref="TryPublishAsync"/>
    public static Task<bool> TrySendAsync<T>(
        this IBus bus, string queue, T message, TimeSpan timeToLive, ILogger logger, CancellationToken cancellationToken)
        where T : class =>
        TryAsync(
            async token =>
            {
                var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{queue}"));
                await endpoint.Send(message, context => context.TimeToLive = timeToLive, token);
            },
            typeof(T).Name,
            logger,
            cancellationToken);

    private static async Task<bool> TryAsync(Func<CancellationToken, Task> send, string message, ILogger logger, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            // Waited for from outside as well: not every path of a transport listens to its token.
            await send(patience.Token).WaitAsync(patience.Token);
            return true;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotSent(logger, error, message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Message} could not be sent; going on without, since it may be lost")]
    private static partial void LogNotSent(ILogger logger, Exception error, string message);
}
