using System.Globalization;
using MaeLab.Domain.Ablations;
using MaeLab.Web.Charts;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>Colours runs by their level of one factor.</summary>
public sealed class RunColors
{
    private readonly string _field;
    private readonly Dictionary<string, string> _byLevel;

    /// <param name="field">A factor of the experiment, or the seed.</param>
    public RunColors(string field, IReadOnlyList<Axis> axes, IReadOnlyList<RunSummary> runs)
    {
        _field = field;
        IReadOnlyList<string> levels = axes.FirstOrDefault(axis => axis.Field == field)?.Levels
            ?? [.. runs.Select(run => LevelOf(run, field)).Distinct()];
        _byLevel = levels.Select((level, index) => KeyValuePair.Create(level, LevelColors.Of(levels, index))).ToDictionary();
    }

    public IEnumerable<(string Label, string Color)> Legend =>
        _byLevel.Select(pair => ($"{FieldText.Label(_field)} {Format.Literal(pair.Key)}", pair.Value));

    public string Of(RunSummary run) => _byLevel.GetValueOrDefault(LevelOf(run, _field), ChartColors.Category(0));

    private static string LevelOf(RunSummary run, string field) =>
        field == Axis.SeedField ? run.Seed.ToString(CultureInfo.InvariantCulture) : run.LevelOf(field) ?? "";
}
