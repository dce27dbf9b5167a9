namespace MaeLab.Storage.Model;

/// <summary>Table runners. Written by the scheduler from the runners' reports.</summary>
public sealed class RunnerRow
{
    public Guid Id { get; set; }

    public required string Name { get; set; }

    public required string Device { get; set; }

    public int Slots { get; set; }

    public int Cores { get; set; }

    public long MemoryBytes { get; set; }

    /// <summary>Measured training rate; null until the runner knows it.</summary>
    public double? GigaflopsPerSecond { get; set; }

    /// <summary>JSON: the data sets it offers.</summary>
    public required string Datasets { get; set; }

    public bool Draining { get; set; }

    public DateTimeOffset FirstSeenAt { get; set; }

    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>Start of the runner's process, with <see cref="LastSequence"/> the order of its reports.</summary>
    public DateTimeOffset ProcessStartedAt { get; set; }

    public long LastSequence { get; set; }
}
