using MaeLab.Contracts.Facts;
using MaeLab.Storage;
using MaeLab.Testing;

namespace MaeLab.Messaging.Tests.Labs;

/// <summary>A runner that reports and offers slots but knows of no run, unless told what it holds.</summary>
internal sealed record Ghost(Lab Lab, Guid Id, DateTimeOffset StartedAt)
{
    private static long s_sequence = 100;

    public static Ghost Of(Lab lab) => new(lab, Guid.CreateVersion7(), DateTimeOffset.UnixEpoch.AddDays(20_000));

    /// <summary>Reports until that can be seen in the database.</summary>
    public Task<T> ReportUntilAsync<T>(string what, Func<MaeLabDb, Task<T?>> look, int slots = 1) => Eventually.GetAsync(what, async () =>
    {
        await ReportAsync(slots: slots);
        await using var db = Lab.Database.Open();
        return await look(db);
    });

    /// <param name="at">When the report was written; now where null.</param>
    public Task ReportAsync(long? sequence = null, int slots = 1, DateTimeOffset? at = null, IReadOnlyList<HeldAttempt>? held = null) => Lab.PublishAsync(new RunnerReported(
        Id, "ghost", StartedAt, sequence ?? Interlocked.Increment(ref s_sequence), at ?? DateTimeOffset.UtcNow,
        slots, held ?? [], "cpu", 1, 1, null, [new("fashion-mnist-sample", 1, 28, 10, 8000, 2000)], Draining: false));
}
