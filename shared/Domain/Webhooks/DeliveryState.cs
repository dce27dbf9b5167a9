namespace MaeLab.Domain.Webhooks;

/// <summary>How far a delivery to a webhook is.</summary>
public enum DeliveryState
{
    /// <summary>Not tried yet, or to be tried again.</summary>
    Waiting,

    Delivered,

    /// <summary>So many tries failed that no further one is made.</summary>
    GivenUp,
}
