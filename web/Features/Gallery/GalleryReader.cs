using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Metrics;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Gallery;

/// <summary>Reads what pictures there are and how far they are off; the pictures themselves have addresses of their own.</summary>
public sealed class GalleryReader(IDbContextFactory<MaeLabDb> databases)
{
    /// <param name="step">Null: the newest.</param>
    public async Task<GalleryView> ReadAsync(IReadOnlyList<RunSummary> runs, long? step, Picture picture, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        List<Guid> ids = [.. runs.Select(run => run.Id)];
        var evaluated = (await db.Images.Where(row => ids.Contains(row.RunId) && row.Kind == ImageKinds.Reconstruction)
            .Select(row => new { row.RunId, row.Step }).Distinct().ToListAsync(cancellationToken)).ToLookup(row => row.RunId, row => row.Step);
        List<long> steps = [.. evaluated.SelectMany(own => own).Distinct().Order()];
        if (steps.Count == 0)
        {
            return GalleryView.Empty;
        }

        var chosen = Nearest(steps, step ?? long.MaxValue) ?? steps[0];
        var shown = evaluated.Select(own => (RunId: own.Key, Step: Nearest(own, chosen))).Where(own => own.Step is not null).ToDictionary(own => own.RunId, own => own.Step!.Value);
        var pictures = Pictures.KindOf(picture) is { } kind ? await PicturesAsync(db, shown, kind, cancellationToken) : [];
        // Of one data set they are the same in all runs.
        var originals = shown.Keys.OrderBy(ids.IndexOf).Take(1).ToDictionary(id => id, id => shown[id]);
        var results = await ResultsAsync(db, shown, cancellationToken);
        return new(
            steps,
            chosen,
            (await PicturesAsync(db, originals, ImageKinds.Original, cancellationToken)).Values.FirstOrDefault() ?? [],
            [.. runs.Select(run => new GalleryColumn(
                run,
                shown.TryGetValue(run.Id, out var own) ? own : null,
                pictures.GetValueOrDefault(run.Id) ?? [],
                results[run.Id].FirstOrDefault(row => row.Probe == SeriesNames.ReconstructionError) is { } error ? Details(error).Gallery : null,
                results[run.Id].DistinctBy(row => row.Probe).ToDictionary(row => row.Probe, row => row.Value)))]);
    }

    /// <returns>By gallery index; none before the first evaluation.</returns>
    public async Task<IReadOnlyDictionary<int, ImageSummary>> OriginalsAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return (await PicturesAsync(db, new() { [runId] = long.MaxValue }, ImageKinds.Original, cancellationToken)).GetValueOrDefault(runId) ?? [];
    }

    /// <summary>By step.</summary>
    public async Task<IReadOnlyList<ReconstructionSummary>> ResultsAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return [.. (await db.ProbeResults.AsNoTracking().Where(row => row.RunId == runId && row.Probe == SeriesNames.ReconstructionError)
            .OrderBy(row => row.Step).ToListAsync(cancellationToken)).Select(row => new ReconstructionSummary(row.Attempt, row.Step, row.Value, Details(row)))];
    }

    /// <returns>Null where there was no evaluation at this step, or one by an older version.</returns>
    public async Task<PatchErrors?> ErrorsAsync(Guid runId, long step, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.ProbeResults.AsNoTracking().FirstOrDefaultAsync(
            row => row.RunId == runId && row.Step == step && row.Probe == SeriesNames.ReconstructionError, cancellationToken) is { } row ? Details(row).Gallery : null;
    }

    /// <summary>The pictures of one kind that are shown at a step, by gallery index: its own, or what was stored once for all steps.</summary>
    public static Dictionary<int, ImageSummary> At(long step, IEnumerable<ImageSummary> ofOneKind) =>
        ofOneKind.GroupBy(image => image.GalleryIndex).ToDictionary(
            images => images.Key,
            images => images.OrderBy(image => image.Step).LastOrDefault(image => image.Step <= step) ?? images.MinBy(image => image.Step)!);

    private static long? Nearest(IEnumerable<long> steps, long step) => steps.Where(own => own <= step).Select(own => (long?)own).Max();

    private static async Task<Dictionary<Guid, Dictionary<int, ImageSummary>>> PicturesAsync(
        MaeLabDb db, Dictionary<Guid, long> shown, string kind, CancellationToken cancellationToken)
    {
        List<Guid> ids = [.. shown.Keys];
        List<long> steps = [.. shown.Values.Distinct()];
        var constant = ImageKinds.IsSameAtEveryStep(kind);
        var rows = await db.Images.Where(row => ids.Contains(row.RunId) && row.Kind == kind && (constant || steps.Contains(row.Step)))
            .Select(row => new { row.RunId, Image = new ImageSummary(row.Id, row.Attempt, row.Step, row.Kind, row.GalleryIndex, row.Width, row.Height, row.CreatedAt) })
            .ToListAsync(cancellationToken);
        return rows.GroupBy(row => row.RunId).ToDictionary(own => own.Key, own => At(shown[own.Key], own.Select(row => row.Image)));
    }

    private static async Task<ILookup<Guid, ProbeResultRow>> ResultsAsync(MaeLabDb db, Dictionary<Guid, long> shown, CancellationToken cancellationToken)
    {
        List<Guid> ids = [.. shown.Keys];
        List<long> steps = [.. shown.Values.Distinct()];
        var rows = await db.ProbeResults.AsNoTracking()
            .Where(row => ids.Contains(row.RunId) && GalleryColumn.Series.Contains(row.Probe) && steps.Contains(row.Step)).ToListAsync(cancellationToken);
        return rows.Where(row => shown[row.RunId] == row.Step).ToLookup(row => row.RunId);
    }

    private static ReconstructionDetails Details(ProbeResultRow row) => JsonSerializer.Deserialize<ReconstructionDetails>(row.Details, JsonDefaults.Options)!;
}
