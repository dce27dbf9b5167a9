using System.Globalization;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>What the curves of an experiment show and how; all of it is in the address.</summary>
/// <param name="Metric">The series that is drawn.</param>
/// <param name="ColorBy">Factor whose levels have colours; the seed may be one.</param>
/// <param name="XAxis">Series that serves as x; null: the step.</param>
/// <param name="Smoothing">Weight of an <see cref="Ema"/>; 0: none.</param>
/// <param name="Group">Null: a line a run. Else a mean for each cell (<see cref="EveryCell"/>), or each combination of the levels of these factors.</param>
/// <param name="Zoom">The stretch of x; null: all of it.</param>
public sealed record CurveView(
    string Metric, string ColorBy, string? XAxis = null, bool LogX = false, bool LogY = false, double Smoothing = 0, string? Group = null,
    (double From, double To)? Zoom = null)
{
    public const string EveryCell = "cell";

    /// <summary>Whole buckets are seldom finer; an address stays short.</summary>
    private const string ZoomFormat = "G6";

    public string XLabel => XAxis is null ? "Step" : MetricInfo.Of(XAxis).Label;

    /// <summary>Nothing but points at its end can come to what this shows.</summary>
    public bool OnlyGrows => (XAxis is null || SeriesNames.Progress.Contains(XAxis)) && Group is null && Zoom is null;

    /// <summary>From an address, in which anything can stand: what is not understood is left out.</summary>
    public static CurveView Parse(
        string metric, string colorBy, string? xAxis, bool logX, bool logY, string? smoothing, string? group, string? from, string? to) =>
        new(
            metric, colorBy, NullIfEmpty(xAxis), logX, logY,
            Number(smoothing) is { } weight ? Math.Clamp(weight, 0, Ema.MaxWeight) : 0,
            NullIfEmpty(group),
            Number(from) is { } left && Number(to) is { } right && left < right ? (left, right) : null);

    /// <summary>The query parameters that <see cref="Parse"/> reads; null where they say nothing.</summary>
    public IEnumerable<(string Name, object? Value)> Address() =>
    [
        ("curve", Metric), ("color", ColorBy), ("x", XAxis), ("logx", LogX ? true : null), ("log", LogY ? true : null),
        ("smooth", Smoothing > 0 ? Smoothing.ToString("0.####", CultureInfo.InvariantCulture) : null), ("group", Group),
        ("from", Zoom?.From.ToString(ZoomFormat, CultureInfo.InvariantCulture)), ("to", Zoom?.To.ToString(ZoomFormat, CultureInfo.InvariantCulture)),
    ];

    /// <summary>The factors whose levels make the groups; null: no groups. The seed is never one, since groups are means over it.</summary>
    public IReadOnlyList<string>? GroupFields(IReadOnlyList<Axis> axes)
    {
        var fields = axes.Select(axis => axis.Field).ToList();
        return Group switch
        {
            null => null,
            EveryCell => fields,
            _ => [.. Group.Split(',').Where(fields.Contains)],
        };
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
