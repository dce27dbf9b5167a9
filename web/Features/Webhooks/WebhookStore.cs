using System.Security.Cryptography;
using MaeLab.Domain.Accounts;
using MaeLab.Domain.Webhooks;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Storage.Webhooks;
using MaeLab.Web.Access;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Webhooks;

/// <summary>Registered webhooks, web's own table, and what the scheduler has written of deliveries to them.</summary>
public sealed class WebhookStore(IDbContextFactory<MaeLabDb> databases, ChangeGate gate, AuditLog audit, TimeProvider time)
{
    private const int SecretBytes = 24;

    /// <summary>Oldest first.</summary>
    public Task<IReadOnlyList<Webhook>> ListAsync(CancellationToken cancellationToken) => ReadAsync(hooks => hooks, cancellationToken);

    public async Task<Webhook?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await ReadAsync(hooks => hooks.Where(hook => hook.Id == id), cancellationToken)).SingleOrDefault();

    /// <summary>Newest first, a hundred at most.</summary>
    public async Task<IReadOnlyList<WebhookDelivery>> DeliveriesAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.WebhookDeliveries.AsNoTracking().Where(row => row.WebhookId == id).OrderByDescending(row => row.CreatedAt).Take(100)
            .Select(row => new WebhookDelivery(
                row.Id, row.RunId, row.Event, row.State, row.Tries, row.CreatedAt, row.TriedAt, row.State == DeliveryState.Waiting ? row.NextAt : null, row.Error))
            .ToListAsync(cancellationToken);
    }

    /// <param name="secret">Null: a random one.</param>
    /// <param name="events">Null: all.</param>
    /// <returns>Its id and secret, which is told this once.</returns>
    public async Task<(Guid Id, string Secret)> AddAsync(
        Actor actor, string url, string? secret, Guid? experimentId, IReadOnlyList<string>? events, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await PassAsync(actor, "AddWebhook", new Uri(url).Host, cancellationToken);
        var row = new WebhookRow
        {
            Id = Guid.CreateVersion7(now),
            Url = url,
            Secret = secret ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes)),
            ExperimentId = experimentId,
            Events = [.. events ?? WebhookRules.Events],
            Enabled = true,
            EnabledAt = now,
            CreatedAt = now,
        };
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Webhooks.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        return (row.Id, row.Secret);
    }

    /// <summary>On: what was given up before does not count any more.</summary>
    /// <returns>False where there is no such webhook (any more).</returns>
    public async Task<bool> SwitchAsync(Actor actor, Guid id, bool enabled, CancellationToken cancellationToken)
    {
        await PassAsync(actor, enabled ? "EnableWebhook" : "DisableWebhook", $"webhook {id}", cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        return await db.Webhooks.Where(hook => hook.Id == id)
            .ExecuteUpdateAsync(hook => hook.SetProperty(row => row.Enabled, enabled).SetProperty(row => row.EnabledAt, now), cancellationToken) > 0;
    }

    /// <returns>False where there is no such webhook (any more).</returns>
    public async Task<bool> DeleteAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await PassAsync(actor, "DeleteWebhook", $"webhook {id}", cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Webhooks.Where(hook => hook.Id == id).ExecuteDeleteAsync(cancellationToken) > 0;
    }

    private async Task<IReadOnlyList<Webhook>> ReadAsync(Func<IQueryable<WebhookRow>, IQueryable<WebhookRow>> which, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var working = await which(db.ThatWork()).Select(hook => hook.Id).ToListAsync(cancellationToken);
        var rows = await which(db.Webhooks).AsNoTracking().OrderBy(hook => hook.CreatedAt)
            .Select(hook => new { hook, Experiment = db.Experiments.Where(row => row.Id == hook.ExperimentId).Select(row => row.Name).FirstOrDefault() })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new Webhook(
            row.hook.Id, row.hook.Url, row.hook.ExperimentId, row.Experiment, row.hook.Events, row.hook.Enabled,
            row.hook.Enabled && !working.Contains(row.hook.Id), row.hook.CreatedAt))];
    }

    private async Task PassAsync(Actor actor, string action, string subject, CancellationToken cancellationToken)
    {
        await gate.PassAsync(actor, UserRole.Admin, cancellationToken);
        await audit.WriteAsync(actor, action, subject, cancellationToken);
    }
}
