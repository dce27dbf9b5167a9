using MaeLab.Domain.Metrics;
using MaeLab.Engine.Training;
using MaeLab.Hosting.Background;
using MaeLab.Runner.Telemetry;
using MaeLab.Storage.Model;

namespace MaeLab.Runner.Spooling;

/// <summary>
/// Moves what the training thread hands over from memory to disk, whatever the database does: a checkpoint after every point
/// before it. Once the spool takes no more, points wait in memory for a while of training, and what comes then is given up, as pictures are at
/// once; the run's log says so. Checkpoints, log lines and the outcome wait until there is room.
/// </summary>
/// <param name="waiting">Hears what has its record on disk.</param>
/// <param name="log">Into the run's log.</param>
/// <param name="moved">There is something to ship.</param>
internal sealed class Spooler(ShippingQueue queue, Spool spool, WaitingCheckpoints waiting, Action<LogSeverity, string> log, Action moved, TimeProvider time)
{
    /// <summary>72 KB, which the garbage collector takes for a small object.</summary>
    private const int PointsOfRecord = 3000;

    /// <summary>A point is on the page within a second of being logged.</summary>
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(200);

    private readonly WakeSignal _wake = new();
    private volatile bool _finishing;
    private readonly List<MetricPoint> _points = [];
    private List<RunLogRow> _lines = [];
    private long _toldDropped;
    private bool _isFull;

    /// <summary>So many wait in memory for room: 6 MB, minutes of a usual run.</summary>
    internal int WaitingPoints { get; init; } = 250_000;

    public void Wake() => _wake.Wake();

    /// <summary>Nothing more will come: end once everything is moved.</summary>
    public void Finish()
    {
        _finishing = true;
        _wake.Wake();
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var finished = false; !finished;)
        {
            await _wake.WaitAsync(s_every, time, cancellationToken);
            var last = _finishing;
            finished = Move() && last;
            moved();
        }
    }

    /// <returns>False where something has to wait for room.</returns>
    internal bool Move()
    {
        while (queue.TryPeek(out var item))
        {
            // What was logged before the item.
            if (!MovePoints() || !MoveLogs() || !TryMove(item))
            {
                return false;
            }

            queue.Remove();
        }

        return MovePoints() && MoveLogs();
    }

    private bool TryMove(ShipItem item)
    {
        var full = spool.TryAppend(item);
        if (full is not null && item is EvaluationItem { Images.Count: > 0 } evaluation && spool.TryAppend(evaluation with { Images = [] }) is null)
        {
            log(LogSeverity.Warning, $"The {evaluation.Images.Count} pictures of step {evaluation.Step} were dropped: {full}.");
            return true;
        }

        if (full is null && item is CheckpointItem checkpoint)
        {
            waiting.Recorded(checkpoint);
        }

        return full is null;
    }

    /// <returns>False where points wait for room: nothing that came after them may overtake them.</returns>
    private bool MovePoints()
    {
        _points.AddRange(queue.TakePoints());
        var moved = 0;
        string? full = null;
        while (full is null && moved < _points.Count)
        {
            var count = Math.Min(PointsOfRecord, _points.Count - moved);
            full = spool.TryAppend(new PointsItem(_points.GetRange(moved, count), queue.Produced, queue.Dropped));
            moved += full is null ? count : 0;
        }

        Tell(full, moved);
        _points.RemoveRange(0, moved);
        if (_points.Count > WaitingPoints)
        {
            queue.Drop(_points.Count - WaitingPoints);
            _points.RemoveRange(WaitingPoints, _points.Count - WaitingPoints);
        }

        // For the ledger of a later life; those of this one are told by the queue itself.
        var dropped = queue.Dropped;
        if (dropped > _toldDropped && spool.TryAppend(new PointsItem([], queue.Produced, dropped)) is null)
        {
            _toldDropped = dropped;
        }

        return _points.Count == 0;
    }

    private void Tell(string? full, int moved)
    {
        if (full is not null && !_isFull && _points.Count - moved > WaitingPoints)
        {
            log(LogSeverity.Error, $"From step {_points[moved + WaitingPoints].Step} on points are dropped, until the database takes what waits for it: {full}.");
            _isFull = true;
        }
        else if (full is null && _isFull && moved > 0)
        {
            log(LogSeverity.Warning, $"There is room again. {queue.Dropped:#,0} points were dropped so far.");
            _isFull = false;
        }
    }

    private bool MoveLogs()
    {
        if (_lines.Count == 0)
        {
            _lines = queue.TakeLogs();
        }

        if (_lines.Count > 0 && spool.TryAppend(new LogItem(_lines)) is null)
        {
            _lines = [];
        }

        return _lines.Count == 0;
    }
}
