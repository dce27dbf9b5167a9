using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Charts.Plot;

public sealed partial class SvgPlot
{
    // In units of the drawing, which is as wide as the page lets it be.
    private const int Width = 480;
    private const int Height = 280;
    private const int Left = 56;
    private const int Right = 12;
    private const int Top = 22;
    private const int Bottom = 40;

    /// <summary>What is drawn, in words.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter, EditorRequired]
    public required PlotAxis X { get; set; }

    [Parameter, EditorRequired]
    public required PlotAxis Y { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<PlotLine> Lines { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<LegendEntry> Legend { get; set; }

    /// <summary>Every point has a dot, and its interval a bar; else intervals are a band.</summary>
    [Parameter]
    public bool Marks { get; set; }

    /// <summary>Further words below it.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private static string Text(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Dashes(PlotLine line) => string.Join(' ', ChartDashes.Of(line.Dash));

    private string AtX(double value) => Text(Left + (X.Share(value) * (Width - Left - Right)));

    private string AtY(double value) => Text(Top + ((1 - Y.Share(value)) * (Height - Top - Bottom)));

    private string InX(double value) => Text(X.Share(value) * (Width - Left - Right));

    /// <summary>Far beyond the axis is as far as just beyond it: a renderer may not take numbers of any size.</summary>
    private string InY(double value) => Text(Math.Clamp(1 - Y.Share(value), -1, 2) * (Height - Top - Bottom));

    private string Path(PlotLine line)
    {
        var path = new StringBuilder();
        var drawing = false;
        foreach (var point in line.Points)
        {
            if (point.IsFinite)
            {
                path.Append(drawing ? 'L' : 'M').Append(InX(point.X)).Append(' ').Append(InY(point.Y));
            }

            drawing = point.IsFinite;
        }

        return path.ToString();
    }

    /// <summary>There and back around each stretch that has an interval throughout.</summary>
    private string Band(PlotLine line)
    {
        var band = new StringBuilder();
        for (var start = 0; start < line.Points.Count; start++)
        {
            var stretch = line.Points.Skip(start).TakeWhile(point => point.IsFinite && point.HasInterval).ToList();
            if (stretch.Count > 1)
            {
                var corners = stretch.Select(point => (point.X, Y: point.High!.Value)).Concat(stretch.AsEnumerable().Reverse().Select(point => (point.X, Y: point.Low!.Value)));
                band.Append('M').AppendJoin('L', corners.Select(corner => $"{InX(corner.X)} {InY(corner.Y)}")).Append('Z');
            }

            start += stretch.Count;
        }

        return band.ToString();
    }
}
