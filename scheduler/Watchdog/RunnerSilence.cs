using System.Collections.Concurrent;

namespace MaeLab.Scheduler.Watchdog;

/// <summary>
/// How long a runner has been silent while this scheduler was able to hear it, by the monotonic clock: a jump of the
/// wall clock, an outage of broker or database, or our own restart must not look like the silence of every runner.
/// </summary>
public sealed class RunnerSilence(TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, long> _heard = new();
    private long _listeningSince = time.GetTimestamp();

    public void Heard(Guid runnerId) => _heard[runnerId] = time.GetTimestamp();

    /// <summary>We were deaf until now: every silence counts from here.</summary>
    public void WasDeaf() => Interlocked.Exchange(ref _listeningSince, time.GetTimestamp());

    public TimeSpan Of(Guid runnerId) =>
        time.GetElapsedTime(Math.Max(_heard.GetValueOrDefault(runnerId, long.MinValue), Interlocked.Read(ref _listeningSince)));
}
