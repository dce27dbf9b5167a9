using MaeLab.Domain.Webhooks;

namespace MaeLab.Web.Features.Webhooks;

/// <summary>An address that is told when runs end.</summary>
/// <param name="ExperimentId">Null: of all experiments.</param>
/// <param name="Enabled">Switched on; where false, nothing is sent.</param>
/// <param name="GaveUp">Switched off by itself: too many deliveries in a row were given up. Enabling it again lets it try anew.</param>
public sealed record Webhook(Guid Id, string Url, Guid? ExperimentId, string? ExperimentName, IReadOnlyList<string> Events, bool Enabled, bool GaveUp, DateTimeOffset CreatedAt);

/// <summary>What one webhook was, or is to be, told.</summary>
/// <param name="Error">Why the last try failed; null: it did not.</param>
public sealed record WebhookDelivery(
    Guid Id, Guid RunId, string Event, DeliveryState State, int Tries, DateTimeOffset CreatedAt, DateTimeOffset? TriedAt, DateTimeOffset? NextAt, string? Error);
