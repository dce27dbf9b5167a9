namespace MaeLab.Contracts.Facts;

/// <summary>Every few seconds: this runner lives, and these attempts are in its hands. Renews their leases.</summary>
/// <param name="Sequence">Rises within one life of the runner process (see <paramref name="StartedAt"/>).</param>
/// <param name="Device">What it trains on, for example <c>cpu</c> or <c>cuda:0 NVIDIA A100</c>.</param>
/// <param name="GigaflopsPerSecond">Measured training rate in GFLOP/s; null until it is known.</param>
public sealed record RunnerReported(
    Guid RunnerId, string Name, DateTimeOffset StartedAt, long Sequence, DateTimeOffset At,
    int Slots, IReadOnlyList<HeldAttempt> Held, string Device, int Cores, long MemoryBytes, double? GigaflopsPerSecond,
    IReadOnlyList<OfferedDataset> Datasets, bool Draining);
