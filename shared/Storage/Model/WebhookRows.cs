using MaeLab.Domain.Webhooks;

namespace MaeLab.Storage.Model;

/// <summary>Table webhooks: addresses that are told when a run ends. Written by web.</summary>
public sealed class WebhookRow
{
    public Guid Id { get; set; }

    public required string Url { get; set; }

    /// <summary>Key of the signature; as it is, since it has to be used.</summary>
    public required string Secret { get; set; }

    /// <summary>Null: of all experiments.</summary>
    public Guid? ExperimentId { get; set; }

    /// <summary>Words of <see cref="WebhookRules.Events"/>.</summary>
    public string[] Events { get; set; } = [];

    public bool Enabled { get; set; }

    /// <summary>When somebody last switched it on: what was given up before does not count against it.</summary>
    public DateTimeOffset EnabledAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>Table webhook_deliveries: what a webhook is to be told. Written by the scheduler, together with the end of the run.</summary>
public sealed class WebhookDeliveryRow
{
    /// <summary>The receiver tells a repeated delivery by it.</summary>
    public Guid Id { get; set; }

    public Guid WebhookId { get; set; }

    public Guid RunId { get; set; }

    public required string Event { get; set; }

    /// <summary>JSON, the same at every try.</summary>
    public required string Payload { get; set; }

    public DeliveryState State { get; set; }

    public int Tries { get; set; }

    public DateTimeOffset NextAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? TriedAt { get; set; }

    /// <summary>Why the last try failed; null: it did not.</summary>
    public string? Error { get; set; }
}
