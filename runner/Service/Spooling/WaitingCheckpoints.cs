using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Runner.Telemetry;

namespace MaeLab.Runner.Spooling;

/// <summary>
/// Which of an attempt's checkpoints keep their files until the database has them: those that the plan would keep if all were
/// stored already, so that an outage changes nothing about what is there in the end. Files are deleted under the shipper's hands;
/// of a checkpoint without a file nothing is stored. Of the states of evaluations the newest alone does.
/// </summary>
/// <param name="limit">What files may take together, in bytes; the newest is kept whatever it takes.</param>
internal sealed class WaitingCheckpoints(Spool spool, long limit)
{
    private readonly Lock _lock = new();
    private readonly CheckpointPlan _plan = spool.Order.Recipe.Checkpoints;

    /// <summary>Those that the plan keeps, oldest first; stored ones among them, which the next are compared with.</summary>
    private readonly List<CheckpointItem> _kept = [];

    private readonly List<(long Step, double Value)> _values = [];
    private CheckpointItem? _recorded;

    /// <summary>States of evaluations, oldest first: the newest, and until its record is on disk one before it.</summary>
    private readonly List<CheckpointItem> _states = [];

    private CheckpointItem? _recordedState;

    /// <summary>Of those that the plan keeps, how many were given up for the limit.</summary>
    public int Dropped { get; private set; }

    /// <summary>Its file is written.</summary>
    /// <returns>Those that were given up for it.</returns>
    public IReadOnlyList<CheckpointItem> Add(CheckpointItem next)
    {
        lock (_lock)
        {
            if (next.Kind == CheckpointKind.Evaluation)
            {
                _states.Add(next);
                SupersedeStates();
                return [];
            }

            _kept.Add(next);
            Supersede();
            return [.. DropBeyondLimit()];
        }
    }

    /// <summary>Its values are known: another checkpoint may be the best.</summary>
    public void Evaluated(EvaluationItem evaluation)
    {
        var series = _plan.KeepBest.Series();
        lock (_lock)
        {
            _values.AddRange(evaluation.Probes.Where(result => result.Probe == series).Select(result => (evaluation.Step, result.Value)));
            Supersede();
        }
    }

    /// <summary>A later process on the spool would find it: what stood in for it may go.</summary>
    public void Recorded(CheckpointItem checkpoint)
    {
        lock (_lock)
        {
            if (_states.Contains(checkpoint))
            {
                _recordedState = checkpoint;
                SupersedeStates();
            }
            else if (_kept.Contains(checkpoint))
            {
                _recorded = checkpoint;
                Supersede();
            }
        }
    }

    private void Supersede()
    {
        var best = Best();
        var newestFirst = Enumerable.Reverse(_kept).Select(item => new SavedCheckpoint(item.Id, item.Step, item.Epoch, item.Final));
        foreach (var old in _plan.Superseded(newestFirst, best).ToList())
        {
            // Points that wait for room hold up the records behind them: until the newest has its own, this is what a killed runner leaves.
            if (old.Id != _recorded?.Id)
            {
                Delete(_kept.Single(item => item.Id == old.Id));
            }
        }
    }

    private void SupersedeStates()
    {
        var newest = _states[^1];
        foreach (var old in _states.Where(state => state != newest && state != _recordedState).ToList())
        {
            Delete(old);
        }
    }

    /// <summary>The oldest goes first, the best last; never what the run would go on from.</summary>
    private IEnumerable<CheckpointItem> DropBeyondLimit()
    {
        var best = Best();
        var waiting = _kept.Select(item => (Item: item, File: new FileInfo(spool.PathOf(item)))).Where(entry => entry.File.Exists).ToList();
        var bytes = waiting.Sum(entry => entry.File.Length);
        foreach (var (item, file) in waiting.Where(entry => entry.Item != _kept[^1] && entry.Item != _recorded).OrderBy(entry => entry.Item.Step == best).ToList())
        {
            if (bytes <= limit)
            {
                break;
            }

            bytes -= file.Length;
            Delete(item);
            Dropped++;
            yield return item;
        }
    }

    private long? Best() => _plan.KeepBest.StepOf(_values.Where(value => _kept.Exists(item => item.Step == value.Step)));

    private void Delete(CheckpointItem item)
    {
        var path = spool.PathOf(item);
        if (File.Exists(path))
        {
            File.Delete(path);
        }

        _kept.Remove(item);
        _states.Remove(item);
    }
}
