using MaeLab.Domain.Runs;
using MaeLab.Domain.Statistics;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Features.Theory;

namespace MaeLab.Web.Features.Report;

/// <summary>What the probes of one question came to, by cell.</summary>
/// <param name="Probes">Those that were measured.</param>
/// <param name="Cells">In the order of the experiment; values in the order of the probes, null where a cell has none.</param>
public sealed record ReportTheory(
    TheoryQuestion Question, IReadOnlyList<TheoryProbe> Probes, IReadOnlyList<(string Cell, IReadOnlyList<MeanInterval?> Values)> Cells)
{
    /// <param name="runs">Of the experiment; those that are complete count, each with the newest value of a probe.</param>
    /// <returns>The questions of which something was measured.</returns>
    public static IReadOnlyList<ReportTheory> Of(IReadOnlyList<RunSummary> runs, IReadOnlyList<TheoryValue> values)
    {
        var newest = values.Where(value => double.IsFinite(value.Value)).GroupBy(value => (value.RunId, value.Probe))
            .ToDictionary(own => own.Key, own => own.MaxBy(value => value.Step)!.Value);
        var cells = runs.Where(run => run.State == RunState.Completed).GroupBy(run => run.CellIndex).OrderBy(cell => cell.Key).ToList();
        var measured = newest.Keys.Select(key => key.Probe).ToHashSet();
        return
        [
            .. TheoryCatalogue.Questions
                .Select(question => (question, Probes: question.Probes.Where(probe => measured.Contains(probe.Series)).ToList()))
                .Where(found => found.Probes.Count > 0)
                .Select(found => new ReportTheory(found.question, found.Probes, [.. cells.Select(cell => (cell.First().CellName, ValuesOf(cell, found.Probes)))])),
        ];

        IReadOnlyList<MeanInterval?> ValuesOf(IEnumerable<RunSummary> cell, List<TheoryProbe> probes) => probes.ConvertAll(probe =>
            cell.Where(run => newest.ContainsKey((run.Id, probe.Series))).Select(run => newest[(run.Id, probe.Series)]).ToList() is { Count: > 0 } own
                ? MeanInterval.Of(own)
                : null);
    }
}
