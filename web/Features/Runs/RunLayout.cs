namespace MaeLab.Web.Features.Runs;

/// <summary>A line of the table: a group or a run.</summary>
/// <param name="Index">From the top of the table, from 0.</param>
public sealed record RunLine(int Index, RunGroup? Group, RunListItem? Run);

/// <summary>Lines of the table that lie together: the row of a group, or some of the runs below it.</summary>
/// <param name="First">Line of the first of them.</param>
/// <param name="Header">Null: runs.</param>
/// <param name="Filter">Which runs; they are those from <paramref name="Skip"/> on.</param>
public readonly record struct RunStretch(int First, RunGroup? Header, RunFilter Filter, int Skip, int Take);

/// <summary>
/// Where in the table which runs stand, by counts alone: groups one below the other, each with its runs where it is open. So any
/// part of a table of 100,000 lines can be read by itself.
/// </summary>
public sealed class RunLayout
{
    private readonly RunFilter _filter;
    private readonly int _runs;
    private readonly List<(int First, RunGroup Group, bool Open)>? _groups;

    /// <param name="groups">Null: the runs are not grouped.</param>
    public RunLayout(RunTableView view, int runs, IReadOnlyList<RunGroup>? groups)
    {
        (_filter, _runs, Groups) = (view.Filter, runs, groups);
        if (groups is not null)
        {
            _groups = [];
            foreach (var group in groups)
            {
                _groups.Add((Lines, group, view.IsOpen(group)));
                Lines += 1 + (view.IsOpen(group) ? group.Count : 0);
            }
        }
        else
        {
            Lines = runs;
        }
    }

    public int Lines { get; }

    public int Runs => _runs;

    public IReadOnlyList<RunGroup>? Groups { get; }

    public IEnumerable<RunStretch> Stretches(int start, int count)
    {
        var end = Math.Min(start + count, Lines);
        if (_groups is null)
        {
            if (end > start)
            {
                yield return new(start, null, _filter, start, end - start);
            }

            yield break;
        }

        // The last group that begins at or before the start.
        var index = _groups.FindLastIndex(group => group.First <= start);
        for (; index >= 0 && index < _groups.Count && _groups[index].First < end; index++)
        {
            var (first, group, open) = _groups[index];
            if (first >= start)
            {
                yield return new(first, group, group.Filter, 0, 0);
            }

            var skip = Math.Max(start - first - 1, 0);
            var take = open ? Math.Min(group.Count - skip, end - (first + 1 + skip)) : 0;
            if (take > 0)
            {
                yield return new(first + 1 + skip, null, group.Filter, skip, take);
            }
        }
    }
}
