using System.Collections.Concurrent;

namespace MaeLab.Benchmarks.Ring;

/// <summary>What a fleet of simulated runners saw of the scheduler.</summary>
internal sealed class FleetTimes
{
    private readonly ConcurrentBag<double> _waits = [];
    private int _repeated;

    /// <summary>From a slot's becoming free to the next order for it, in ms.</summary>
    public IReadOnlyCollection<double> Waits => _waits;

    /// <summary>Orders of a second attempt: somebody was taken for lost.</summary>
    public int Repeated => _repeated;

    public void Started(double waited, int attempt)
    {
        _waits.Add(waited);
        if (attempt > 1)
        {
            Interlocked.Increment(ref _repeated);
        }
    }

    /// <summary>Forgets what was before: the start of a fleet is not its life.</summary>
    public void Begin() => _waits.Clear();
}
