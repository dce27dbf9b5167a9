using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace MaeLab.Web.Charts;

/// <summary>What a chart can be saved as.</summary>
public enum PictureFormat
{
    Svg,
    Png,
}

/// <summary>A chart in the browser: what all of them are told, and how they become files.</summary>
/// <param name="module">File name in <c>wwwroot/js</c>.</param>
public abstract class ChartComponent(string module) : ComponentBase, IAsyncDisposable
{
    [Inject]
    public required IJSRuntime Js { get; init; }

    /// <summary>What the chart shows, in words: to a screen reader the chart is one image.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>Goes into the saved picture; on the page it stands where the page wants it, see <see cref="ChartLegend"/>.</summary>
    [Parameter]
    public IReadOnlyList<LegendEntry> Legend { get; set; } = [];

    [Parameter]
    public int Height { get; set; } = 320;

    protected ElementReference Element { get; set; }

    private protected ChartHandle Chart { get; private set; } = null!;

    /// <summary>Hands the chart to the browser as a download.</summary>
    /// <param name="name">Of the file, without its ending.</param>
    public Task SaveAsync(PictureFormat format, string name) =>
        Chart.InvokeAsync("save", format.ToString().ToLowerInvariant(), new PictureText(name, Label, Legend.Select(LegendLine.Of)));

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Chart.DisposeAsync();
    }

    protected override void OnInitialized() => Chart = new(Js, module);

    private sealed record PictureText(string Name, string Title, IEnumerable<LegendLine> Legend);

    private sealed record LegendLine(string Label, string Color, IReadOnlyList<double> Dash)
    {
        public static LegendLine Of(LegendEntry entry) => new(entry.Label, entry.Color, ChartDashes.Of(entry.Dash));
    }
}
