using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Storage;
using MaeLab.Storage.Metrics;
using MaeLab.Web.Features.Annotations;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Features.Gallery;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Features.Theory;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Report;

/// <summary>Reads an <see cref="ExperimentReport"/>, by the readers of the pages.</summary>
public sealed class ReportReader(
    IDbContextFactory<MaeLabDb> databases, ExperimentViewReader views, MetricReader metrics, GalleryReader galleries, AnnotationStore annotations,
    TheoryResults theory, TimeProvider time)
{
    /// <summary>More points than a line of print has dots would only make the file larger.</summary>
    private const int Buckets = 120;

    /// <summary>So many fit beside each other on paper.</summary>
    internal const int Cells = 8;
    internal const int Images = 4;

    /// <returns>Null where there is no such experiment.</returns>
    public async Task<ExperimentReport?> ReadAsync(Guid experimentId, MatrixQuery query, CancellationToken cancellationToken)
    {
        if (await views.ReadAsync(experimentId, query.Rows, query.Columns, query.Metric, query.Value, query.Fixed, cancellationToken) is not { } view)
        {
            return null;
        }

        var recipes = await RecipesAsync(experimentId, cancellationToken);
        return new(
            view,
            view.Results.Compare(against: null),
            await CurvesAsync(view, cancellationToken),
            await PicturesAsync(view, cancellationToken),
            ReportTheory.Of(view.Runs, await TheoryAsync(view, cancellationToken), recipes),
            recipes,
            (await annotations.FindAsync(experimentId, cancellationToken)).Note,
            time.GetUtcNow());
    }

    /// <summary>The others have a part of their own.</summary>
    private Task<IReadOnlyList<TheoryValue>> TheoryAsync(ExperimentView view, CancellationToken cancellationToken) => theory.ValuesAsync(
        [.. view.Runs.Select(run => run.Id)], [.. TheoryCatalogue.Probes.Where(probe => probe.IsTheory).Select(probe => probe.Series)], cancellationToken);

    private async Task<IReadOnlyList<ReportCurves>> CurvesAsync(ExperimentView view, CancellationToken cancellationToken)
    {
        var curves = new List<ReportCurves>();
        foreach (var metric in new[] { SeriesNames.TrainLoss, view.Query.Metric }.Distinct())
        {
            var read = (await metrics.ReadCurvesAsync(new([.. view.Runs.Select(run => run.Id)], [metric], Buckets: Buckets), cancellationToken))
                .ToDictionary(curve => curve.RunId);
            var runs = view.Runs.Where(run => read.ContainsKey(run.Id)).ToList();
            var shown = new CurveView(metric, view.Query.Columns ?? "", Group: CurveView.EveryCell);
            var none = Array.Empty<Restart>().ToLookup(restart => restart.RunId, restart => (double)restart.Step);
            var lines = CurveLines.Of(runs.ConvertAll(run => read[run.Id]), none, runs, view.Experiment.Axes, shown, Buckets);
            // What was measured once is no curve.
            if (lines.Series.Any(line => line.Curve.X.Length > 1))
            {
                curves.Add(new(metric, lines));
            }
        }

        return curves;
    }

    private async Task<ReportPictures> PicturesAsync(ExperimentView view, CancellationToken cancellationToken)
    {
        List<RunSummary> cells = [.. view.Runs.GroupBy(run => run.CellIndex).OrderBy(cell => cell.Key).Select(cell => cell.OrderByDescending(run => run.Step).ThenBy(run => run.Seed).First())];
        var gallery = await galleries.ReadAsync([.. cells.Take(Cells)], step: null, Picture.Reconstruction, cancellationToken);
        var ids = gallery.Originals.Where(image => image.Key < Images).Select(image => image.Value.Id)
            .Concat(gallery.Columns.SelectMany(column => column.Pictures.Where(image => image.Key < Images).Select(image => image.Value.Id))).ToList();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return new(gallery, cells.Count, await db.Images.Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, row => row.Png, cancellationToken));
    }

    private async Task<IReadOnlyDictionary<Guid, Recipe>> RecipesAsync(Guid experimentId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Runs.Where(run => run.ExperimentId == experimentId).RecipesAsync(cancellationToken);
    }
}
