using MaeLab.Domain.Webhooks;
using MaeLab.Hosting.Background;
using MaeLab.Hosting.Startup;
using MaeLab.Scheduler.Standby;
using MaeLab.Storage;
using MaeLab.Storage.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MaeLab.Scheduler.Webhooks;

/// <summary>
/// Sends what is due, and what failed again after growing pauses. A delivery comes at least once: where the scheduler ends between
/// sending and noting that, it is sent again under the same id.
/// </summary>
public sealed partial class WebhookSender(
    IDbContextFactory<MaeLabDb> databases, WebhookClient client, ActiveScheduler self,
    IOptions<WebhookOptions> options, IOptions<SchedulerOptions> scheduler, StartupGate gate, TimeProvider time, ILogger<WebhookSender> logger)
    : LoopService(gate, time, logger)
{
    private const int AtOnce = 8;
    private const int ATurn = 64;

    /// <summary>So long it can be seen what became of a delivery.</summary>
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(30);

    private static readonly TimeSpan s_tidyEvery = TimeSpan.FromHours(1);

    private long? _tidied;

    protected override TimeSpan Every => scheduler.Value.WatchEvery;

    protected override async Task TurnAsync(CancellationToken cancellationToken)
    {
        if (!self.IsActive)
        {
            return;
        }

        var due = await DueAsync(cancellationToken);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, SendAsync);
        if (due.Count == ATurn)
        {
            Wake();
        }

        if (_tidied is not { } tidied || Time.GetElapsedTime(tidied) > s_tidyEvery)
        {
            await TidyAsync(cancellationToken);
            _tidied = Time.GetTimestamp();
        }
    }

    private async Task<List<Due>> DueAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = Time.GetUtcNow();
        return await db.WebhookDeliveries.Where(delivery => delivery.State == DeliveryState.Waiting && delivery.NextAt <= now)
            .Join(db.ThatWork(), delivery => delivery.WebhookId, hook => hook.Id, (delivery, hook) => new { delivery, hook })
            .OrderBy(both => both.delivery.NextAt).Take(ATurn)
            .Select(both => new Due(both.delivery.Id, both.hook.Url, both.hook.Secret, both.delivery.Event, both.delivery.Payload, both.delivery.Tries))
            .ToListAsync(cancellationToken);
    }

    private async ValueTask SendAsync(Due due, CancellationToken cancellationToken)
    {
        if (!self.IsActive)
        {
            return;
        }

        var error = await client.SendAsync(due.Url, due.Secret, due.Id, due.Event, due.Payload, cancellationToken);
        var (tries, now) = (due.Tries + 1, Time.GetUtcNow());
        var state = error is null ? DeliveryState.Delivered : tries >= options.Value.MaxTries ? DeliveryState.GivenUp : DeliveryState.Waiting;
        var next = now + options.Value.PauseAfter(tries);
        if (error is not null)
        {
            LogFailed(due.Id, due.Event, tries, state, error);
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.WebhookDeliveries.Where(delivery => delivery.Id == due.Id).ExecuteUpdateAsync(
            row => row.SetProperty(delivery => delivery.State, state).SetProperty(delivery => delivery.Tries, tries).SetProperty(delivery => delivery.Error, error)
                .SetProperty(delivery => delivery.NextAt, next).SetProperty(delivery => delivery.TriedAt, now),
            cancellationToken);
    }

    private async Task TidyAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var before = Time.GetUtcNow() - s_kept;
        await db.WebhookDeliveries.Where(delivery => delivery.State != DeliveryState.Waiting && delivery.CreatedAt < before).ExecuteDeleteAsync(cancellationToken);
    }

    private sealed record Due(Guid Id, string Url, string Secret, string Event, string Payload, int Tries);

    [LoggerMessage(LogLevel.Warning, "Webhook delivery {DeliveryId} ({Event}) failed for the {Tries}. time and is {State} now: {Error}")]
    private partial void LogFailed(Guid deliveryId, string @event, int tries, DeliveryState state, string error);
}
