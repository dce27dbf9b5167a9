using System.Globalization;
using MaeLab.Domain.Ablations;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>The levels of one factor among some runs, for telling their lines apart.</summary>
/// <param name="factor">A factor of the experiment, or the seed.</param>
public sealed class RunLevels(string factor, IReadOnlyList<Axis> axes, IReadOnlyList<RunSummary> runs)
{
    public IReadOnlyList<string> All { get; } =
        axes.FirstOrDefault(axis => axis.Field == factor)?.Levels ?? [.. runs.Select(run => LevelOf(run, factor)).Distinct()];

    /// <summary>"Mask ratio 0.75" for each level.</summary>
    public IEnumerable<string> Labels => All.Select(level => $"{FieldText.Label(factor)} {Format.Literal(level)}");

    /// <summary>Place of a run's level; 0 where it has none.</summary>
    public int IndexOf(RunSummary run) => Math.Max(0, All.ToList().IndexOf(LevelOf(run, factor)));

    private static string LevelOf(RunSummary run, string field) =>
        field == Axis.SeedField ? run.Seed.ToString(CultureInfo.InvariantCulture) : run.LevelOf(field) ?? "";
}
