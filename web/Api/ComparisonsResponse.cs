using System.Text.Json.Nodes;
using MaeLab.Domain.Statistics;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Api;

/// <summary>The cells of an experiment against one of them.</summary>
/// <param name="Metric">Series name.</param>
/// <param name="Value">Which value of the series stands for a run.</param>
/// <param name="At">The step or the budget that the values are of; null where they are of none.</param>
/// <param name="Alpha">Share of such tables in which a difference may be claimed that there is not.</param>
/// <param name="Cells">All but the reference, in the order of the experiment.</param>
public sealed record ComparisonsResponse(
    string Metric, ValueKind Value, double? At, double Alpha, ComparedCellResponse Reference, IReadOnlyList<ComparisonResponse> Cells)
{
    internal static ComparisonsResponse Of(ExperimentComparisons comparisons) => new(
        comparisons.Results.Metric, comparisons.Results.Values.Choice.Kind, Format.Finite(comparisons.Results.Values.At), ComparisonFamily.Alpha,
        ComparedCellResponse.Of(comparisons.Reference), [.. comparisons.Rows.Select(ComparisonResponse.Of)]);
}

/// <param name="CellIndex">As of its runs.</param>
/// <param name="Levels">Recipe field to level.</param>
/// <param name="N">Seeds with a final value.</param>
/// <param name="Mean">Over them; null for none.</param>
/// <param name="RunIds">All runs of the cell, whether they count or not.</param>
public sealed record ComparedCellResponse(int CellIndex, JsonObject Levels, bool IsBaseline, int N, double? Mean, IReadOnlyList<Guid> RunIds)
{
    internal static ComparedCellResponse Of(ComparedCell cell) => new(
        cell.Index, new(cell.Levels.Select(level => KeyValuePair.Create(level.Field, MatrixResponse.Level(level.Level)))), cell.IsBaseline,
        cell.Values.Count, Format.Finite(cell.Mean?.Mean), [.. cell.Runs.Select(run => run.Id)]);
}

/// <param name="Pairs">Seeds of which both have a final value.</param>
/// <param name="Difference">Mean over the pairs of the cell's value less the reference's; null without a pair.</param>
/// <param name="CiLow">Lower end of its 95 % confidence interval (Student's t); null for fewer than two pairs.</param>
/// <param name="CiHigh">Upper end of the interval.</param>
/// <param name="PStudent">Paired t-test, two-sided; null for fewer than two pairs.</param>
/// <param name="PStudentHolm">The same after Holm's correction; null for fewer than three pairs.</param>
/// <param name="PPermutation">Sign-flip permutation test, two-sided, exact up to 20 pairs; null without a pair.</param>
/// <param name="PPermutationHolm">After Holm's correction; what the finding is by. Null for fewer than three pairs.</param>
/// <param name="Effect">Cohen's d_z with Hedges' correction; null for fewer than three pairs or differences without a spread.</param>
/// <param name="Finding">higher and lower where neither is better, or the metric does not measure the same in both cells.</param>
/// <param name="SeedsNeeded">With notEnoughSeeds: how many a finding takes; else null.</param>
public sealed record ComparisonResponse(
    ComparedCellResponse Cell, int Pairs, double? Difference, double? CiLow, double? CiHigh, double? PStudent, double? PStudentHolm,
    double? PPermutation, double? PPermutationHolm, double? Effect, Finding Finding, int? SeedsNeeded)
{
    internal static ComparisonResponse Of(ComparisonRow row)
    {
        var (comparison, difference) = (row.Comparison, row.Comparison.Difference);
        return new(
            ComparedCellResponse.Of(row.Cell), comparison.Pairs, Format.Finite(difference?.Mean), Format.Finite(difference?.Low), Format.Finite(difference?.High),
            comparison.StudentP, comparison.StudentHolm, comparison.PermutationP, comparison.PermutationHolm, Format.Finite(comparison.Effect),
            row.Finding, comparison.SeedsNeeded);
    }
}
