namespace MaeLab.Web.Features.Runs;

/// <summary>Reads what the table of runs shows: first how much there is, then line by line what is looked at.</summary>
public sealed class RunTableReader(RunReader runs, RunGroupReader groups, RunColumnReader columns, DifferingFields differing)
{
    /// <summary>How many runs there are, and in which groups.</summary>
    public async Task<RunLayout> LayOutAsync(RunTableView view, CancellationToken cancellationToken)
    {
        if (view.Group is not { } by)
        {
            return new(view, await runs.CountAsync(view.Filter, cancellationToken), null);
        }

        var found = await groups.ReadAsync(view.Filter, by, cancellationToken);
        return new(view, found.Sum(group => group.Count), found);
    }

    /// <summary>The columns that are asked for, without those in which all runs are alike, where that is asked for too.</summary>
    public async Task<IReadOnlyList<RunColumn>> ColumnsAsync(RunTableView view, CancellationToken cancellationToken)
    {
        if (!view.OnlyDiffering)
        {
            return view.Columns;
        }

        var fields = await differing.FindAsync(view.Filter, cancellationToken);
        return [.. view.Columns.Where(column => column.Kind != RunColumnKind.Recipe || fields.Contains(column.Name))];
    }

    public async Task<IReadOnlyList<RunLine>> LinesAsync(
        RunTableView view, RunLayout layout, IReadOnlyList<RunColumn> shown, int start, int count, CancellationToken cancellationToken)
    {
        var lines = new List<RunLine>(count);
        var summaries = new List<(int Index, RunSummary Run)>();
        foreach (var stretch in layout.Stretches(start, count))
        {
            if (stretch.Header is { } group)
            {
                lines.Add(new(stretch.First, group, null));
                continue;
            }

            var found = await runs.WindowAsync(stretch.Filter, view.Order, stretch.Skip, stretch.Take, cancellationToken);
            summaries.AddRange(found.Select((run, index) => (stretch.First + index, run)));
        }

        List<RunColumn> read = [.. shown.Where(column => column.Kind != RunColumnKind.Own)];
        var items = await columns.CompleteAsync([.. summaries.Select(run => run.Run)], read, cancellationToken);
        lines.AddRange(summaries.Zip(items, (run, item) => new RunLine(run.Index, null, item)));
        lines.Sort((left, right) => left.Index.CompareTo(right.Index));
        return lines;
    }

    /// <summary>Ids of the runs on some of the lines, for a selection from here to there.</summary>
    public async Task<IReadOnlyList<Guid>> IdsAsync(RunTableView view, RunLayout layout, int start, int count, CancellationToken cancellationToken)
    {
        var ids = new List<Guid>();
        foreach (var stretch in layout.Stretches(start, count).Where(stretch => stretch.Header is null))
        {
            ids.AddRange(await runs.IdsAsync(stretch.Filter, view.Order, stretch.Skip, stretch.Take, cancellationToken));
        }

        return ids;
    }

    /// <summary>Ids of all runs that match, in groups or not.</summary>
    public Task<IReadOnlyList<Guid>> AllIdsAsync(RunFilter filter, CancellationToken cancellationToken) =>
        runs.IdsAsync(filter, RunOrder.Newest, 0, int.MaxValue, cancellationToken);
}
