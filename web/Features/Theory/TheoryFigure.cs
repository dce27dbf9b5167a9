using MaeLab.Web.Charts;

namespace MaeLab.Web.Features.Theory;

/// <summary>Pictures of what lies behind one probe.</summary>
/// <param name="Probe">Series whose details they show.</param>
/// <param name="Note">How to read them.</param>
/// <param name="Panels">None where the probe was not run.</param>
public sealed record TheoryFigure(string Title, string Probe, string Note, IReadOnlyList<TheoryPanel> Panels);

/// <param name="Heading">Whose it is, or what; empty where the figure says it.</param>
/// <param name="Words">The gist, for who does not see it.</param>
public abstract record TheoryPanel(string Heading, string Words);

public sealed record LinesPanel(string Heading, string Words, SliceModel Model) : TheoryPanel(Heading, Words);

public sealed record HeatPanel(string Heading, string Words, HeatModel Model) : TheoryPanel(Heading, Words);

public sealed record MapsPanel(string Heading, string Words, IReadOnlyList<PatchMap> Maps, MapScale Scale) : TheoryPanel(Heading, Words);

/// <summary>What the ends of a scale of colours mean.</summary>
public sealed record MapScale(string Low, string High);

/// <param name="Columns">Whose the values of a row are.</param>
public sealed record FactsPanel(string Words, IReadOnlyList<string> Columns, IReadOnlyList<FactRow> Rows) : TheoryPanel("", Words);

/// <param name="Values">Null where there is none.</param>
public sealed record FactRow(string Label, IReadOnlyList<double?> Values);
