using MaeLab.Domain.Webhooks;
using MaeLab.Storage.Model;

namespace MaeLab.Storage.Webhooks;

public static class WebhookQueries
{
    /// <summary>
    /// Webhooks that are sent to: switched on, and not given up too often since their last success. The scheduler, which sends, does not
    /// write their table; so this is said by what it has written of deliveries.
    /// </summary>
    public static IQueryable<WebhookRow> ThatWork(this MaeLabDb db) => db.Webhooks.Where(hook => hook.Enabled
        && db.WebhookDeliveries.Count(delivery => delivery.WebhookId == hook.Id && delivery.State == DeliveryState.GivenUp && delivery.CreatedAt > hook.EnabledAt
            && !db.WebhookDeliveries.Any(later => later.WebhookId == hook.Id && later.State == DeliveryState.Delivered && later.CreatedAt >= delivery.CreatedAt))
        < WebhookRules.MaxGivenUp);
}
