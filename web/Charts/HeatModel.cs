namespace MaeLab.Web.Charts;

/// <summary>A table of numbers as colours.</summary>
public sealed record HeatModel(IReadOnlyList<string> Rows, IReadOnlyList<string> Columns, IReadOnlyList<HeatCell> Cells);

/// <param name="Row">Index.</param>
/// <param name="Column">Index.</param>
/// <param name="Fill">CSS; light and dark pages share it.</param>
/// <param name="Ink">Colour of text on it.</param>
public sealed record HeatCell(int Row, int Column, double Value, string Text, string Fill, string Ink);
