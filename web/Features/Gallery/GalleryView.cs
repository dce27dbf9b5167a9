using MaeLab.Domain.Metrics;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Features.Gallery;

/// <summary>The gallery of some runs at one step.</summary>
/// <param name="Steps">At which any of them was evaluated, rising.</param>
/// <param name="Step">The chosen one of these, the newest if none was; null where there is none.</param>
/// <param name="Originals">By gallery index.</param>
/// <param name="Columns">One for each run; none before the first evaluation.</param>
public sealed record GalleryView(
    IReadOnlyList<long> Steps, long? Step, IReadOnlyDictionary<int, ImageSummary> Originals, IReadOnlyList<GalleryColumn> Columns)
{
    /// <summary>None of the runs was evaluated yet.</summary>
    public static GalleryView Empty { get; } = new([], null, new Dictionary<int, ImageSummary>(), []);
}

/// <param name="Step">Of its newest evaluation at the chosen step or before; null: none yet.</param>
/// <param name="Pictures">By gallery index; empty where the picture is not a stored one.</param>
/// <param name="Errors">Null before the first evaluation, and for one by an older version.</param>
/// <param name="Values">What the evaluation came to, by <see cref="Series"/>.</param>
public sealed record GalleryColumn(
    RunSummary Run, long? Step, IReadOnlyDictionary<int, ImageSummary> Pictures, PatchErrors? Errors, IReadOnlyDictionary<string, double> Values)
{
    public static IReadOnlyList<string> Series { get; } = [SeriesNames.ReconstructionError, SeriesNames.SharedPixelError, SeriesNames.SharedSkill];
}
