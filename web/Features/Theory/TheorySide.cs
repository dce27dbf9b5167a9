using MaeLab.Web.Charts;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Features.Theory;

/// <summary>One of the runs whose details stand beside each other.</summary>
/// <param name="Place">0 left, 1 right.</param>
/// <param name="Results">By probe, at the step that is looked at.</param>
/// <param name="Originals">By gallery index.</param>
public sealed record TheorySide(
    RunSummary Run, int Place, IReadOnlyDictionary<string, TheoryResult> Results, IReadOnlyDictionary<int, ImageSummary> Originals)
{
    public string Name => $"{Run.CellName} · seed {Run.Seed}";

    public string Color => ChartColors.Category(Place);

    /// <returns>Null where the probe was not run.</returns>
    public T? Find<T>(string probe)
        where T : class => Results.GetValueOrDefault(probe)?.Read<T>();
}
