using System.Collections.Concurrent;

namespace MaeLab.Scheduler.Watchdog;

/// <summary>
/// How long a runner has been silent while this scheduler was able to hear it, by the monotonic clock: a jump of the
/// wall clock, an outage of broker or database, or a pause of our own must not look like the silence of every runner.
/// </summary>
public sealed class RunnerSilence(TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, long> _heard = new();
    private long _listeningSince = time.GetTimestamp();
    private long _echoed = time.GetTimestamp();
    private long _looked = time.GetTimestamp();

    public void Heard(Guid runnerId) => _heard[runnerId] = time.GetTimestamp();

    /// <summary>What we say of ourselves came back: the way from broker to us is open.</summary>
    public void HeardOurselves() => Interlocked.Exchange(ref _echoed, time.GetTimestamp());

    /// <summary>We were deaf until now: every silence counts from here.</summary>
    public void WasDeaf() => Interlocked.Exchange(ref _listeningSince, time.GetTimestamp());

    /// <summary>
    /// One look at the clock, to be repeated all the time. Silence is told as of the last look: however long this process is
    /// stopped, and wherever in its work, the next look finds the gap.
    /// </summary>
    /// <param name="longestGap">After a longer one, between two looks or since we heard ourselves, we were deaf.</param>
    public void Look(TimeSpan longestGap)
    {
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(_looked, now) > longestGap || time.GetElapsedTime(Interlocked.Read(ref _echoed), now) > longestGap)
        {
            Interlocked.Exchange(ref _listeningSince, now);
        }

        _looked = now;
    }

    public TimeSpan Of(Guid runnerId)
    {
        var since = Math.Max(_heard.GetValueOrDefault(runnerId, long.MinValue), Interlocked.Read(ref _listeningSince));
        return since < _looked ? time.GetElapsedTime(since, _looked) : TimeSpan.Zero;
    }
}
