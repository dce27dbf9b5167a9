using System.Runtime.InteropServices;
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

    private readonly List<long> _steps = new(ChunkSize);
    private readonly List<double> _values = new(ChunkSize);
    private readonly List<MetricChunkRow> _full = [];
    private SeriesTotals _fullTotals = SeriesTotals.None;
    private bool _openChanged;
    private long? _firstStep;
    private long? _lastStep;

    // Points up to here were in the database when the writer opened; a spool may bring them again.
    private long? _storedThrough;

    public string Name { get; } = name;

    /// <summary>Null until the database has the series.</summary>
    public long? Id { get; private set; }

    public bool IsDirty { get; private set; }

    /// <summary>Points of this attempt, those in the database and those yet to come there.</summary>
    public long OwnCount => _fullTotals.Count + _steps.Count;

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

        _steps.Add(step);
        _values.Add(value);
        _firstStep ??= step;
        _lastStep = step;
        (_openChanged, IsDirty) = (true, true);
        if (_steps.Count == ChunkSize)
        {
            var chunk = OpenChunk();
            _full.Add(chunk);
            _fullTotals = _fullTotals.With(attempt, chunk.Summary());
            _steps.Clear();
            _values.Clear();
            _openChanged = false;
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
        (_lastStep, _storedThrough) = (chunk.LastStep, chunk.LastStep);
        if (chunk.Count == ChunkSize)
        {
            _fullTotals = _fullTotals.With(attempt, chunk.Summary());
        }
        else
        {
            _steps.AddRange(chunk.Steps);
            _values.AddRange(chunk.Values);
        }
    }

    /// <summary>Whole chunks to insert or replace.</summary>
    public IEnumerable<MetricChunkRow> ChunksFor(long seriesId) =>
        (_openChanged ? _full.Append(OpenChunk()) : _full).Select(chunk =>
        {
            chunk.SeriesId = seriesId;
            return chunk;
        });

    /// <returns>Count 0 where nothing of the series counts any more.</returns>
    public SeriesTotals Totals()
    {
        var own = _steps.Count == 0 ? _fullTotals : _fullTotals.With(attempt, OpenSummary());
        return (_firstStep <= restoreStep ? EarlierBefore : Earlier).With(own);
    }

    public void MarkStored(long id)
    {
        Id = id;
        _full.Clear();
        (_openChanged, IsDirty) = (false, false);
    }

    private ChunkSummary OpenSummary() => ChunkContent.Summarize(CollectionsMarshal.AsSpan(_steps), CollectionsMarshal.AsSpan(_values));

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
            Steps = [.. _steps],
            Values = [.. _values],
        };
    }
}
