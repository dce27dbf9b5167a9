using System.Buffers.Binary;
using Bunit;
using MaeLab.Domain.Metrics;
using MaeLab.Web.Charts;

namespace MaeLab.Web.Tests.Components;

public sealed class LineChartTests : ComponentTest
{
    private readonly BunitJSModuleInterop _module;
    private readonly BunitJSModuleInterop _chart;

    public LineChartTests()
    {
        _module = Context.JSInterop.SetupModule("./js/lineChart.js");
        _module.Mode = JSRuntimeMode.Loose;
        _chart = _module.SetupModule("create", _ => true);
        _chart.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void Series_are_sent_whole_once()
    {
        IReadOnlyList<LineSeries> series = [Series("a", [1, 2], [0.5, 0.25]), Series("b", [1], [7])];

        var chart = Render(series);
        chart.Render(parameters => parameters.Add(component => component.Series, series));

        var load = Assert.Single(_chart.Invocations, invocation => invocation.Identifier == "load");
        var bytes = Assert.IsType<byte[]>(load.Arguments[2]);
        // Per series: index, count, then x, min, max and last.
        Assert.Equal((2 * 8) + (4 * 8 * 3), bytes.Length);
        Assert.Equal((0, 2), (Int(bytes, 0), Int(bytes, 4)));
        Assert.Equal([1, 2, 0.5, 0.25, 0.5, 0.25, 0.5, 0.25], Doubles(bytes, 8, 8));
        Assert.Equal((1, 1), (Int(bytes, 72), Int(bytes, 76)));
        Assert.Equal([1, 7, 7, 7], Doubles(bytes, 80, 4));
    }

    [Fact]
    public void New_list_of_the_same_lines_is_sent_from_where_they_differ()
    {
        var chart = Render([Series("a", [1, 2, 3], [1, 2, double.NaN]), Series("b", [1], [1]), Series("c", [1], [1])]);

        chart.Render(parameters => parameters.Add(component => component.Series, [Series("a", [1, 2, 3, 4], [1, 2, double.NaN, 5]), Series("b", [1], [1]), Series("c", [], [])]));

        var replace = Assert.Single(_chart.Invocations, invocation => invocation.Identifier == "replace");
        Assert.Equal([3, null, 0], (IReadOnlyList<int?>)replace.Arguments[1]!);
        var bytes = Assert.IsType<byte[]>(replace.Arguments[2]);
        // Of a one point, and that c has none.
        Assert.Equal((2 * 8) + (4 * 8), bytes.Length);
        Assert.Equal((0, 1), (Int(bytes, 0), Int(bytes, 4)));
        Assert.Equal([4, 5, 5, 5], Doubles(bytes, 8, 4));
        Assert.Equal((2, 0), (Int(bytes, 40), Int(bytes, 44)));
        Assert.Single(_chart.Invocations, invocation => invocation.Identifier == "load");
    }

    [Fact]
    public async Task New_list_is_sent_whole_where_the_lines_are_others_or_points_were_added()
    {
        var chart = Render([Series("a", [1], [1])]);
        chart.Render(parameters => parameters.Add(component => component.Series, [Series("a", [1], [1])]));
        Assert.Single(_chart.Invocations, invocation => invocation.Identifier is "load" or "replace");

        chart.Render(parameters => parameters.Add(component => component.Series, [Series("b", [1], [1])]));
        Assert.Equal(2, _chart.Invocations.Count(invocation => invocation.Identifier == "load"));
        await chart.InvokeAsync(() => chart.Instance.AppendAsync([new(0, [new("b", 2, 0.5)])]));
        chart.Render(parameters => parameters.Add(component => component.Series, [Series("b", [1], [1])]));

        Assert.Equal(3, _chart.Invocations.Count(invocation => invocation.Identifier == "load"));
        Assert.DoesNotContain(_chart.Invocations, invocation => invocation.Identifier == "replace");
    }

    [Fact]
    public async Task Appending_sends_the_new_points_only()
    {
        var chart = Render([Series("a", [1, 2, 3], [1, 2, 3]), Series("b", [1], [1])]);

        await chart.InvokeAsync(() => chart.Instance.AppendAsync([new(1, [new("b", 2, 0.5), new("b", 3, 0.25)])]));

        var append = Assert.Single(_chart.Invocations, invocation => invocation.Identifier == "append");
        var bytes = Assert.IsType<byte[]>(append.Arguments[0]);
        Assert.Equal(8 + (2 * 8 * 2), bytes.Length);
        Assert.Equal((1, 2), (Int(bytes, 0), Int(bytes, 4)));
        Assert.Equal([2, 3, 0.5, 0.25], Doubles(bytes, 8, 4));
    }

    [Fact]
    public void Changed_scale_moves_no_points()
    {
        IReadOnlyList<LineSeries> series = [Series("a", [1], [1])];
        var chart = Render(series);

        chart.Render(parameters => parameters.Add(component => component.Series, series).Add(component => component.LogY, true));

        var scale = Assert.Single(_chart.Invocations, invocation => invocation.Identifier == "scale");
        Assert.Equal([false, true], scale.Arguments);
        Assert.Single(_chart.Invocations, invocation => invocation.Identifier == "load");
    }

    [Fact]
    public async Task Zoom_is_told_and_taken_back()
    {
        var told = new List<(double From, double To)?>();
        var chart = Context.Render<LineChart>(parameters => parameters
            .Add(component => component.Series, []).Add(component => component.Label, "loss").Add(component => component.Zoomed, told.Add));

        await chart.Instance.OnZoom(10, 20);
        await chart.Instance.OnZoom(null, null);

        Assert.Equal([(10, 20), null], told);
    }

    [Fact]
    public async Task Chart_goes_with_its_component()
    {
        Render([Series("a", [1], [1])]);

        await Context.DisposeComponentsAsync();

        Assert.Single(_chart.Invocations, invocation => invocation.Identifier == "dispose");
    }

    private IRenderedComponent<LineChart> Render(IReadOnlyList<LineSeries> series) => Context.Render<LineChart>(parameters => parameters
        .Add(component => component.Series, series).Add(component => component.Label, "Training loss"));

    private static LineSeries Series(string label, double[] x, double[] y) =>
        new(label, ChartColors.Category(0), new Curve(label, x, y, y, y, Exact: true, x.Length));

    private static int Int(byte[] bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));

    private static double[] Doubles(byte[] bytes, int at, int count) =>
        [.. Enumerable.Range(0, count).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(at + (8 * i))))];
}
