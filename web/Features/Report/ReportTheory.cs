using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Domain.Statistics;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Features.Theory;

namespace MaeLab.Web.Features.Report;

/// <summary>What the probes of one question came to, by cell.</summary>
/// <param name="Probes">Those that were measured.</param>
/// <param name="Cells">In the order of the experiment; values in the order of the probes, null where a cell has none.</param>
/// <param name="Bounds">A sentence for each probe that could not see as far as some run goes.</param>
public sealed record ReportTheory(
    TheoryQuestion Question, IReadOnlyList<TheoryProbe> Probes, IReadOnlyList<(string Cell, IReadOnlyList<MeanInterval?> Values)> Cells, IReadOnlyDictionary<TheoryProbe, string> Bounds)
{
    /// <param name="runs">Of the experiment; those that are complete count, each with the newest value of a probe.</param>
    /// <returns>The questions of which something was measured.</returns>
    public static IReadOnlyList<ReportTheory> Of(IReadOnlyList<RunSummary> runs, IReadOnlyList<TheoryValue> values, IReadOnlyDictionary<Guid, Recipe> recipes)
    {
        var last = TheoryView.Newest(values.Where(value => double.IsFinite(value.Value)));
        var newest = last.ToDictionary(value => (value.RunId, value.Probe), value => value.Value);
        var cells = runs.Where(run => run.State == RunState.Completed).GroupBy(run => run.CellIndex).OrderBy(cell => cell.Key).ToList();
        var measured = newest.Keys.Select(key => key.Probe).ToHashSet();
        return
        [
            .. TheoryCatalogue.Questions
                .Select(question => (question, Probes: question.Probes.Where(probe => measured.Contains(probe.Series)).ToList()))
                .Where(found => found.Probes.Count > 0)
                .Select(found => new ReportTheory(found.question, found.Probes, [.. cells.Select(cell => (cell.First().CellName, ValuesOf(cell, found.Probes)))], BoundsOf(found.Probes))),
        ];

        Dictionary<TheoryProbe, string> BoundsOf(IEnumerable<TheoryProbe> probes) => (
            from probe in probes
            let bound = probe.Bound
            where bound is not null
            let own = last.Where(value => value.Probe == probe.Series && runs.Any(run => run.Id == value.RunId && run.State == RunState.Completed)).ToList()
            let reached = bound.Count(own, recipes)
            where reached > 0
            select (probe, bound.Sentence(reached, own.Count))).ToDictionary();

        IReadOnlyList<MeanInterval?> ValuesOf(IEnumerable<RunSummary> cell, List<TheoryProbe> probes) => probes.ConvertAll(probe =>
            cell.Where(run => newest.ContainsKey((run.Id, probe.Series))).Select(run => newest[(run.Id, probe.Series)]).ToList() is { Count: > 0 } own
                ? MeanInterval.Of(own)
                : null);
    }
}
