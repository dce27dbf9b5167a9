using MaeLab.Domain.Recipes;
using MaeLab.Storage;
using MaeLab.Web.Features.Gallery;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Theory;

/// <summary>What one question's panel shows.</summary>
/// <param name="Values">Of the chosen probe in all runs, by rising step.</param>
/// <param name="Sides">None before the first results.</param>
/// <param name="Steps">At which the question's probes were measured in the runs of the sides, rising.</param>
/// <param name="AtBound">How many runs' newest values are the most that the probe can see.</param>
public sealed record TheoryView(IReadOnlyList<TheoryValue> Values, IReadOnlyList<TheorySide> Sides, IReadOnlyList<long> Steps, int AtBound)
{
    /// <summary>Of every run and probe that has one.</summary>
    public static IReadOnlyList<TheoryValue> Newest(IEnumerable<TheoryValue> values) =>
        [.. values.GroupBy(value => (value.RunId, value.Probe), (_, own) => own.MaxBy(value => value.Step)!)];
}

/// <summary>Whose details are shown; null: what nobody chose.</summary>
/// <param name="Left">Index of a cell.</param>
/// <param name="Right">Index of a cell.</param>
/// <param name="Step">Null: the newest.</param>
public sealed record SideChoice(int? Left, int? Right, long? Seed, long? Step);

/// <summary>Reads a <see cref="TheoryView"/>.</summary>
public sealed class TheoryReader(IDbContextFactory<MaeLabDb> databases, TheoryResults results, GalleryReader galleries)
{
    /// <param name="runs">All of the experiment.</param>
    public async Task<TheoryView> ReadAsync(
        IReadOnlyList<RunSummary> runs, TheoryQuestion question, TheoryProbe probe, SideChoice choice, CancellationToken cancellationToken)
    {
        List<string> probes = [.. question.Probes.Select(own => own.Series)];
        var values = await results.ValuesAsync([.. runs.Select(run => run.Id)], [probe.Series], cancellationToken);
        var chosen = Choose(runs, values, choice);
        List<Guid> ids = [.. chosen.Select(run => run.Id)];
        var steps = (await results.ValuesAsync(ids, probes, cancellationToken)).Select(value => value.Step).Distinct().Order().ToList();
        var details = (await results.AtAsync(ids, probes, choice.Step, cancellationToken)).ToLookup(result => result.RunId);
        var sides = new List<TheorySide>();
        foreach (var (place, run) in chosen.Index())
        {
            // Only these pictures are drawn over images.
            IReadOnlyDictionary<int, ImageSummary> originals = question.Topic == TheoryTopic.Interpolation
                ? await galleries.OriginalsAsync(run.Id, cancellationToken)
                : new Dictionary<int, ImageSummary>();
            sides.Add(new(run, place, details[run.Id].ToDictionary(result => result.Probe), originals));
        }

        return new(values, sides, steps, probe.Bound is { } bound ? bound.Count(TheoryView.Newest(values), await RecipesAsync(values, cancellationToken)) : 0);
    }

    private async Task<IReadOnlyDictionary<Guid, Recipe>> RecipesAsync(IReadOnlyList<TheoryValue> values, CancellationToken cancellationToken)
    {
        List<Guid> ids = [.. values.Select(value => value.RunId).Distinct()];
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Runs.Where(run => ids.Contains(run.Id)).RecipesAsync(cancellationToken);
    }

    /// <summary>The runs of the chosen cells; where nobody chose, the first and the last cell that have values.</summary>
    private static List<RunSummary> Choose(IReadOnlyList<RunSummary> runs, IReadOnlyList<TheoryValue> values, SideChoice choice)
    {
        var measured = values.Select(value => value.RunId).ToHashSet();
        var candidates = runs.Where(run => measured.Count == 0 || measured.Contains(run.Id)).OrderBy(run => run.CellIndex).ToList();
        return [.. new[] { Of(choice.Left) ?? candidates.FirstOrDefault(IsSeed) ?? candidates.FirstOrDefault(), Of(choice.Right) ?? candidates.LastOrDefault(IsSeed) ?? candidates.LastOrDefault() }
            .OfType<RunSummary>().DistinctBy(run => run.Id)];

        bool IsSeed(RunSummary run) => run.Seed == (choice.Seed ?? candidates[0].Seed);

        RunSummary? Of(int? cell) => cell is null ? null
            : runs.FirstOrDefault(run => run.CellIndex == cell && IsSeed(run)) ?? runs.FirstOrDefault(run => run.CellIndex == cell);
    }
}
