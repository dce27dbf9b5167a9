using MaeLab.Domain.Metrics;
using MaeLab.Web.Features.Gallery;

namespace MaeLab.Web.Tests.Features;

public sealed class ErrorChartsTests
{
    /// <summary>Two images of 2 x 2 patches, the first of which was seen; one error is no number.</summary>
    private static readonly PatchErrors s_errors = new(7, 2, [new([0, 0.0015, 0.0015, 0.3], [0]), new([0, 0.0035, 0.0015, null], [0])]);

    [Fact]
    public void Spread_counts_removed_patches_by_error()
    {
        var model = ErrorCharts.Spread([new("a", "red", 0, s_errors)], images: 2);

        var line = Assert.Single(model.Series);
        Assert.Equal(model.X.Categories!.Count, line.Points.Count);
        Assert.Equal(
            [("0.001 – 0.002", 3), ("0.002 – 0.005", 1), ("≥ 0.2", 2)],
            line.Points.Where(point => point.N > 0).Select(point => (model.X.Categories[(int)point.X], point.N)));
        Assert.Equal(1, line.Points.Sum(point => point.Mean), 12);
        Assert.Equal(3, ErrorCharts.Spread([new("a", "red", 0, s_errors)], images: 1).Series[0].Points.Sum(point => point.N));
    }

    [Theory]
    [InlineData(false, 1, "(patches)")]
    [InlineData(true, 7, "(pixels)")]
    public void Distance_has_the_mean_over_images_and_its_interval(bool inPixels, double x, string unit)
    {
        var model = ErrorCharts.ByDistance([new("a", "red", 0, s_errors)], images: 2, inPixels);

        // All three removed patches lie within half a patch of distance 1: means 0.101 and, without what is no number, 0.0025.
        var point = Assert.Single(Assert.Single(model.Series).Points);
        Assert.Equal((x, 2), (point.X, point.N));
        Assert.Equal((0.101 + 0.0025) / 2, point.Mean, 12);
        Assert.Equal(0, point.Low);
        Assert.True(point.High > 0.5);
        Assert.EndsWith(unit, model.X.Label, StringComparison.Ordinal);
        Assert.True(model.X.Levels![^1] >= x);
    }

    [Fact]
    public void Scale_leaves_a_few_outliers_out()
    {
        var even = new PatchErrors(4, 10, [new([.. Enumerable.Range(0, 100).Select(patch => (double?)(patch == 99 ? 50 : patch / 100.0))], [0])]);
        var scale = ErrorScale.Of([even], images: 1);

        Assert.InRange(scale.Top, 0.9, 1);
        Assert.Equal((0, 0.5, 1), (scale.Share(0), scale.Share(scale.Top / 4), scale.Share(50)));
        Assert.Equal((0, 1), (default(ErrorScale).Share(0), default(ErrorScale).Share(0.1)));
    }

    [Fact]
    public void Map_is_a_pixel_a_patch_and_clear_where_the_model_saw_it()
    {
        var address = ErrorMap.DataUri(s_errors, image: 0, new(0.3));
        var png = Convert.FromBase64String(address[(address.IndexOf(',', StringComparison.Ordinal) + 1)..]);

        Assert.StartsWith("data:image/png;base64,", address, StringComparison.Ordinal);
        Assert.Equal((2, 2), (png[19], png[23]));
        Assert.Equal("mean squared error 0.101 over 3 removed patches, at most 0.3", ErrorMap.Words(s_errors, 0));
    }
}
