using MaeLab.Domain.Metrics;
using MaeLab.Storage.Model;

namespace MaeLab.Storage.Metrics;

/// <summary>
/// One series of the writing attempt: the open chunk, and the full ones that the database does not have yet. Nothing is
/// let go before <see cref="MarkStored"/>, so a failed flush can be tried again.
/// </summary>
internal sealed class SeriesBuffer(string name, int attempt, long restoreStep)
{
    /// <summary>Points of a full chunk.</summary>
    public const int ChunkSize = 256;

    // Of the open chunk.
    private readonly long[] _steps = new long[ChunkSize];
    private readonly double[] _values = new double[ChunkSize];
    private int _count;

    private readonly List<MetricChunkRow> _full = [];
    private SeriesTotals _fullTotals = SeriesTotals.None;
    private bool _openChanged;
    private long? _firstStep;
    private long? _lastStep;

    // Points up to here were in the database when the writer opened; a spool may bring them again.
    private long? _storedThrough;

    // First step of the newest chunk that was ever handed out.
    private long? _sentThrough;

    public string Name { get; } = name;

    /// <summary>Null until the database has the series.</summary>
    public long? Id { get; private set; }

    public bool IsDirty { get; private set; }

    /// <summary>The series whose point came after this one's newest.</summary>
    public SeriesBuffer? Next { get; set; }

    /// <summary>Points of this attempt, those in the database and those yet to come there.</summary>
    public long OwnCount => _fullTotals.Count + _count;

    /// <summary>What earlier attempts count for, up to the restore step.</summary>
    public SeriesTotals Earlier { get; private set; } = SeriesTotals.None;

    /// <summary>The same without the restore step itself, which this attempt may write anew (an evaluation done again).</summary>
    public SeriesTotals EarlierBefore { get; private set; } = SeriesTotals.None;

    /// <exception cref="ArgumentException">The step does not rise, or lies before the restore step.</exception>
    public void Add(long step, double value)
    {
        if (step <= _storedThrough)
        {
            return;
        }

        if (step <= _lastStep)
        {
            throw new ArgumentException($"Series {Name}: step {step} came after step {_lastStep}; the steps of a series must rise.");
        }

        if (step < restoreStep)
        {
            throw new ArgumentException($"Series {Name}: step {step} lies before step {restoreStep}, from which attempt {attempt} started.");
        }

        (_steps[_count], _values[_count]) = (step, value);
        _count++;
        _firstStep ??= step;
        _lastStep = step;
        (_openChanged, IsDirty) = (true, true);
        if (_count == ChunkSize)
        {
            var chunk = OpenChunk();
            _full.Add(chunk);
            _fullTotals = _fullTotals.With(attempt, chunk.Summary());
            (_count, _openChanged) = (0, false);
        }
    }

    /// <summary>Takes over what the database has of earlier attempts.</summary>
    public void Continue(long id, SeriesTotals earlier, SeriesTotals earlierBefore)
    {
        (Id, Earlier, EarlierBefore) = (id, earlier, earlierBefore);
        // Their summary may still count points past the restore step.
        IsDirty = true;
    }

    /// <summary>Takes over a chunk that this attempt stored before the writer opened; in rising order.</summary>
    public void Reopen(MetricChunkRow chunk)
    {
        Id = chunk.SeriesId;
        _firstStep ??= chunk.FirstStep;
        (_lastStep, _storedThrough, _sentThrough) = (chunk.LastStep, chunk.LastStep, chunk.FirstStep);
        if (chunk.Count == ChunkSize)
        {
            _fullTotals = _fullTotals.With(attempt, chunk.Summary());
        }
        else
        {
            for (_count = 0; _count < chunk.Count; _count++)
            {
                (_steps[_count], _values[_count]) = (chunk.StepAt(_count), chunk.Values[_count]);
            }
        }
    }

    /// <summary>Whole chunks to insert, or to put in the place of what an earlier flush may have stored of them.</summary>
    public List<ChunkToStore> ChunksFor(long seriesId)
    {
        var chunks = new List<ChunkToStore>(_full.Count + 1);
        foreach (var chunk in _openChanged ? _full.Append(OpenChunk()) : _full)
        {
            chunk.SeriesId = seriesId;
            chunks.Add(new(chunk, MayBeStored: chunk.FirstStep <= _sentThrough));
        }

        _sentThrough = chunks.Count > 0 ? chunks[^1].Row.FirstStep : _sentThrough;
        return chunks;
    }

    /// <returns>Count 0 where nothing of the series counts any more.</returns>
    public SeriesTotals Totals()
    {
        var own = _count == 0 ? _fullTotals : _fullTotals.With(attempt, OpenSummary());
        return (_firstStep <= restoreStep ? EarlierBefore : Earlier).With(own);
    }

    public void MarkStored(long id)
    {
        Id = id;
        _full.Clear();
        (_openChanged, IsDirty) = (false, false);
    }

    private ChunkSummary OpenSummary() => ChunkContent.Summarize(_steps[0], _steps[_count - 1], _values.AsSpan(0, _count));

    private MetricChunkRow OpenChunk()
    {
        var summary = OpenSummary();
        return new MetricChunkRow
        {
            Attempt = attempt,
            FirstStep = summary.FirstStep,
            LastStep = summary.LastStep,
            Count = summary.Count,
            NanCount = summary.NanCount,
            Min = summary.Min,
            Max = summary.Max,
            Last = summary.Last,
            Steps = ChunkContent.Uneven(_steps.AsSpan(0, _count)),
            Values = _values[.._count],
        };
    }
}

/// <param name="MayBeStored">Points of it may be in the database already, also those of a flush that failed as far as we know.</param>
internal readonly record struct ChunkToStore(MetricChunkRow Row, bool MayBeStored);
