using MaeLab.Domain.Ablations;
using MaeLab.Web.Charts;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Features.Experiment;

/// <summary>Colours for the levels of one factor, dashes for those of another that varies: several lines have each colour.</summary>
public sealed class RunLook
{
    private readonly RunLevels? _colors;
    private readonly RunLevels? _dashes;

    /// <param name="fields">What may tell the lines apart.</param>
    public RunLook(string colorBy, IReadOnlyList<string> fields, IReadOnlyList<Axis> axes, IReadOnlyList<RunSummary> runs)
    {
        var colored = fields.Contains(colorBy) ? colorBy : fields.Count > 0 ? fields[0] : null;
        _colors = colored is null ? null : new(colored, axes, runs);
        _dashes = fields.Where(field => field != colored).Select(field => new RunLevels(field, axes, runs)).FirstOrDefault(levels => levels.All.Count > 1);
    }

    public IReadOnlyList<LegendEntry> Legend =>
    [
        .. _colors?.Labels.Select((label, index) => new LegendEntry(label, LevelColors.Of(_colors.All, index))) ?? [],
        .. _dashes?.Labels.Select((label, index) => new LegendEntry(label, LegendEntry.TextColor, index)) ?? [],
    ];

    public string ColorOf(RunSummary run) => _colors is null ? ChartColors.Category(0) : LevelColors.Of(_colors.All, _colors.IndexOf(run));

    public int DashOf(RunSummary run) => _dashes?.IndexOf(run) ?? 0;
}
