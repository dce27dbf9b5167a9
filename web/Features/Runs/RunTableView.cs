using System.Globalization;
using MaeLab.Domain.Runs;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Runs;

/// <summary>What the table of runs shows, as its address says. What cannot be read there is as if it were not there.</summary>
/// <param name="Group">See <see cref="RunGroupReader"/>; null: the runs are not grouped.</param>
/// <param name="Open">Keys of the groups whose runs are shown.</param>
/// <param name="OnlyDiffering">Of the recipe's fields only those in which the runs differ.</param>
public sealed record RunTableView(
    RunFilter Filter, RunOrder Order, IReadOnlyList<RunColumn> Columns, string? Group, IReadOnlySet<string> Open, bool OnlyDiffering)
{
    /// <summary>Of groups whose runs are to be seen from the start this word is enough, however many there are.</summary>
    public const string AllOpen = "*";

    public bool IsFiltered => Filter.Text is not null || Filter.ExperimentId is not null || Filter.States is { Count: > 0 }
        || Filter.Levels is { Count: > 0 } || Filter.Tags is { Count: > 0 } || Filter.Archived != ArchivedRuns.Hidden;

    /// <param name="parameters">Of the address, by name.</param>
    public static RunTableView Read(ILookup<string, string> parameters)
    {
        string? One(string name) => parameters[name].LastOrDefault(text => text.Length > 0);
        List<string> Many(string name) => [.. parameters[name].Where(text => text.Length > 0)];

        var filter = new RunFilter(
            Guid.TryParse(One("experiment"), out var experiment) ? experiment : null,
            experiment != Guid.Empty && int.TryParse(One("cell"), NumberStyles.None, CultureInfo.InvariantCulture, out var cell) ? cell : null,
            [.. (One("state") ?? "").Split(',').Select(EnumWord.Find<RunState>).OfType<RunState>()],
            One("q"),
            [.. Many("level").Select(LevelFilter.Parse).OfType<LevelFilter>()],
            Many("tag"),
            EnumWord.Find<ArchivedRuns>(One("archived") ?? "") ?? ArchivedRuns.Hidden);
        return new(
            filter,
            RunOrder.Parse(One("sort")) ?? RunOrder.Newest,
            One("columns") is { } columns ? [.. columns.Split(',').Select(RunColumn.Find).OfType<RunColumn>().DistinctBy(column => column.Word)] : RunColumn.Default,
            One("group") is { } group && RunGroupReader.IsKnown(group) ? group : null,
            Many("open").ToHashSet(),
            One("differing") == "true");
    }

    public bool IsOpen(RunGroup group) => Open.Contains(AllOpen) != Open.Contains(group.Key);
}
