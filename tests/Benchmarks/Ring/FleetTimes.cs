using System.Collections.Concurrent;

namespace MaeLab.Benchmarks.Ring;

/// <summary>What a fleet of simulated runners saw of the scheduler, and what it said and stored.</summary>
internal sealed class FleetTimes
{
    private readonly ConcurrentBag<double> _waits = [];
    private int _repeated;
    private int _reports;
    private int _points;

    /// <summary>From a slot's becoming free to the next order for it, in ms.</summary>
    public IReadOnlyCollection<double> Waits => _waits;

    /// <summary>Orders of a second attempt: somebody was taken for lost.</summary>
    public int Repeated => _repeated;

    public int Reports => _reports;

    public int Points => _points;

    public void Started(double waited, int attempt)
    {
        _waits.Add(waited);
        if (attempt > 1)
        {
            Interlocked.Increment(ref _repeated);
        }
    }

    public void Reported() => Interlocked.Increment(ref _reports);

    public void Stored(int points) => Interlocked.Add(ref _points, points);

    /// <summary>Forgets what was before: the start of a fleet is not its life.</summary>
    public void Begin()
    {
        _waits.Clear();
        (_repeated, _reports, _points) = (0, 0, 0);
    }
}
