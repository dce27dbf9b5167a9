using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Web.Features.Experiment;

namespace MaeLab.Web.Tests.Features;

public sealed class CurveViewTests
{
    private static readonly IReadOnlyList<Axis> s_axes = [new("maskRatio", ["0.5", "0.75"]), new("patchSize", ["4", "7"])];

    [Fact]
    public void Address_says_all_that_is_shown()
    {
        var view = new CurveView("train/loss", "maskRatio", "progress/epoch", LogX: true, LogY: true, Smoothing: 0.9, Group: "maskRatio", Zoom: (0.25, 1e6));
        var address = view.Address().ToDictionary(part => part.Name, part => part.Value as string);

        Assert.Equal(view, CurveView.Parse(
            address["curve"]!, address["color"]!, address["x"], logX: true, logY: true, address["smooth"], address["group"], address["from"], address["to"]));
    }

    [Fact]
    public void Usual_view_has_a_short_address() =>
        Assert.Equal(["curve", "color"], new CurveView("train/loss", "seed").Address().Where(part => part.Value is not null).Select(part => part.Name));

    [Theory]
    [InlineData("7", Ema.MaxWeight)]
    [InlineData("-1", 0)]
    [InlineData("NaN", 0)]
    [InlineData("much", 0)]
    [InlineData(null, 0)]
    public void Smoothing_of_an_address_is_a_weight(string? text, double expected) =>
        Assert.Equal(expected, CurveView.Parse("m", "seed", null, false, false, text, null, null, null).Smoothing);

    [Theory]
    [InlineData("9", "1")]
    [InlineData("1", null)]
    [InlineData("1", "far")]
    [InlineData("1", "Infinity")]
    public void Stretch_of_an_address_that_is_none_shows_all(string? from, string? to) =>
        Assert.Null(CurveView.Parse("m", "seed", null, false, false, null, null, from, to).Zoom);

    [Theory]
    [InlineData(null, null)]
    [InlineData("cell", "maskRatio patchSize")]
    [InlineData("patchSize", "patchSize")]
    [InlineData("nothing,maskRatio,seed", "maskRatio")]
    public void Groups_are_made_by_factors_and_never_by_the_seed(string? group, string? expected) =>
        Assert.Equal(expected?.Split(' '), new CurveView("m", "seed", Group: group).GroupFields(s_axes));
}
