using MaeLab.Domain.Recipes;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Features.Gallery;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Features.Report;

/// <summary>All that a report of an experiment says, read at one moment.</summary>
/// <param name="Comparisons">Null where nothing can be compared: there is no baseline.</param>
/// <param name="Theory">By question; empty where no probe was measured.</param>
/// <param name="Recipes">By run.</param>
/// <param name="Note">Markdown; null: nothing was written.</param>
public sealed record ExperimentReport(
    ExperimentView View, ExperimentComparisons? Comparisons, IReadOnlyList<ReportCurves> Curves, ReportPictures Pictures,
    IReadOnlyList<ReportTheory> Theory, IReadOnlyDictionary<Guid, Recipe> Recipes, string? Note, DateTimeOffset At)
{
    /// <summary>The runs by cell of the matrix, then those that it does not show, as of a star's other factors.</summary>
    public IEnumerable<(MatrixCell? Cell, IReadOnlyList<RunSummary> Runs)> ByCell()
    {
        foreach (var cell in View.Matrix.Cells.Where(cell => cell.Members.Count > 0))
        {
            yield return (cell, cell.Members);
        }

        var shown = View.Matrix.Cells.SelectMany(cell => cell.RunIds).ToHashSet();
        if (View.Runs.Where(run => !shown.Contains(run.Id)).ToList() is { Count: > 0 } others)
        {
            yield return (null, others);
        }
    }

    /// <summary>Mark of a cell's footnote, which says which runs it is over.</summary>
    public string MarkOf(MatrixCell cell) => ExportText.Mark(View.Matrix.Cells.Where(other => other.Members.Count > 0).ToList().IndexOf(cell));
}

/// <summary>One metric over the training, a mean for each cell.</summary>
public sealed record ReportCurves(string Metric, CurveLines Lines);

/// <summary>Some images of the gallery as some cells reconstruct them.</summary>
/// <param name="Gallery">Of one run a cell.</param>
/// <param name="Cells">How many cells there are, shown or not.</param>
/// <param name="Png">By id of the image.</param>
public sealed record ReportPictures(GalleryView Gallery, int Cells, IReadOnlyDictionary<Guid, byte[]> Png);
