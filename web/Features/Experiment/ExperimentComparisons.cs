using MaeLab.Domain.Runs;
using MaeLab.Domain.Statistics;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>A combination of levels of all factors with the final values of its runs.</summary>
/// <param name="Levels">Field and JSON literal, in the order of the axes.</param>
/// <param name="Values">By seed; complete runs with a finite value only.</param>
public sealed record ComparedCell(
    int Index, IReadOnlyList<(string Field, string Level)> Levels, bool IsBaseline, IReadOnlyList<RunSummary> Runs, IReadOnlyDictionary<long, double> Values)
{
    public MeanInterval? Mean { get; } = Values.Count > 0 ? MeanInterval.Of([.. Values.Values]) : null;

    /// <summary>"Patch size 4, mask ratio 0.75".</summary>
    public string Words => Levels.Count == 0 ? "Base recipe" : Format.Sentence(string.Join(", ", Levels.Select(level => FieldText.Level(level.Field, level.Level))));
}

/// <summary>One cell against the reference.</summary>
public sealed record ComparisonRow(ComparedCell Cell, Comparison Comparison, Finding Finding);

/// <summary>All cells of an experiment against one of them, paired by seed.</summary>
public sealed record ExperimentComparisons(ExperimentResults Results, ComparedCell Reference, IReadOnlyList<ComparisonRow> Rows)
{
    /// <summary>How many cells can be told from the reference, and how many seeds the others lack.</summary>
    public string Summary
    {
        get
        {
            var shown = Rows.Count(row => Findings.IsShown(row.Finding));
            var lacking = Rows.Where(row => row.Finding == Finding.NotEnoughSeeds).ToList();
            var told = $"{shown} of {Rows.Count} {(Rows.Count == 1 ? "cell" : "cells")} can be told from {Reference.Words.ToLowerInvariant()} ({Results.Values.Words}).";
            return lacking.Count == 0 ? told
                : $"{told} {lacking.Count} {(lacking.Count == 1 ? "has" : "have")} not enough seeds: {lacking[0].Comparison.SeedsNeeded} complete runs with the same seeds in every cell make a verdict possible.";
        }
    }

    /// <param name="against">Index of the cell to compare with; null: the baseline.</param>
    /// <returns>Null where there is no such cell.</returns>
    public static ExperimentComparisons? Of(ExperimentResults results, int? against)
    {
        var cells = CellsOf(results);
        if (cells.Find(cell => against is { } index ? cell.Index == index : cell.IsBaseline) is not { } reference)
        {
            return null;
        }

        var others = cells.FindAll(cell => cell != reference);
        var comparisons = ComparisonFamily.Compare(reference.Values, [.. others.Select(cell => cell.Values)]);
        return new(results, reference, [.. others.Zip(comparisons, (cell, comparison) =>
            new ComparisonRow(cell, comparison, Findings.Of(comparison.Verdict, Differing(reference, cell), results.Metric)))]);
    }

    private static List<ComparedCell> CellsOf(ExperimentResults results) =>
        [.. results.Runs.GroupBy(run => run.CellIndex).OrderBy(cell => cell.Key).Select(cell => new ComparedCell(
            cell.Key,
            [.. results.Experiment.Axes.Select(axis => (axis.Field, cell.First().LevelOf(axis.Field)!))],
            cell.First().IsBaseline,
            [.. cell],
            cell.Where(run => run.State == RunState.Completed && results.Values.ByRun.TryGetValue(run.Id, out var value) && double.IsFinite(value))
                .ToDictionary(run => run.Seed, run => results.Values.ByRun[run.Id])))];

    private static IEnumerable<string> Differing(ComparedCell reference, ComparedCell cell) =>
        cell.Levels.Except(reference.Levels).Select(level => level.Field);
}
