namespace MaeLab.Storage.Metrics;

/// <summary>What a run came to by one series. A class, since queries are composed over it.</summary>
public sealed class MeasuredValue
{
    public required Guid RunId { get; init; }

    public required string Name { get; init; }

    public required double Last { get; init; }

    public required double Min { get; init; }

    public required double Max { get; init; }
}
