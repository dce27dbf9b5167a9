using System.Text.Json.Serialization;

namespace MaeLab.Web.Charts;

/// <summary>A metric against one factor, a line per level of another.</summary>
public sealed record SliceModel(SliceAxis X, SliceAxis Y, IReadOnlyList<SliceLine> Series)
{
    public PublishedLine? Published { get; init; }

    [JsonIgnore]
    public IReadOnlyList<LegendEntry> Legend =>
    [
        .. Series.Select(line => new LegendEntry(line.Label, line.Color, line.Dash)),
        .. Published is { } published ? [new LegendEntry(published.Label, "var(--muted)", Dash: 1)] : Array.Empty<LegendEntry>(),
    ];
}

/// <param name="Categories">Words along the axis where the factor is no number.</param>
/// <param name="Levels">The factor's levels in rising order where it is one; without either any number can stand on the axis.</param>
/// <param name="Min">Where the axis begins; null: where the values do.</param>
/// <param name="Max">Where it ends.</param>
public sealed record SliceAxis(
    string Label, IReadOnlyList<string>? Categories = null, IReadOnlyList<double>? Levels = null, bool Percent = false, bool Log = false, double? Min = null, double? Max = null);

/// <param name="Dash">See <see cref="ChartDashes"/>; 0: solid.</param>
public sealed record SliceLine(string Label, string Color, IReadOnlyList<SlicePoint> Points, [property: JsonIgnore] int Dash = 0)
{
    /// <summary>Lengths of line and gap in pixels, by turns.</summary>
    public IReadOnlyList<double> Pattern => ChartDashes.Of(Dash);
}

/// <param name="X">The level, or its place among the categories.</param>
/// <param name="Seeds">The single values where they are so few that the interval says less than they do; else empty.</param>
/// <param name="Low">Lower end of the 95 % interval; null where one run says nothing about the spread.</param>
/// <param name="N">Runs that it is the mean over; 0 where it is no mean.</param>
public sealed record SlicePoint(double X, double Mean, double? Low, double? High, int N, IReadOnlyList<double> Seeds);

/// <summary>What someone else found, dashed and on an axis of its own: it is of another model and other data.</summary>
public sealed record PublishedLine(string Label, IReadOnlyList<PublishedLinePoint> Points);

/// <param name="X">As of a <see cref="SlicePoint"/>.</param>
public sealed record PublishedLinePoint(double X, double Y);
