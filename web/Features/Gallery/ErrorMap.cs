using MaeLab.Domain.Metrics;
using MaeLab.Web.Charts;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Gallery;

/// <summary>Errors by patch as a picture of one pixel a patch: removed ones coloured, those that the model saw transparent.</summary>
public static class ErrorMap
{
    private const int Channels = 4;

    public static string DataUri(PatchErrors errors, int image, ErrorScale scale)
    {
        var pixels = new byte[errors.Grid * errors.Grid * Channels];
        foreach (var patch in errors.Removed(image))
        {
            // What is not a number is as far off as can be.
            var (r, g, b) = ChartColors.HeatPixel(scale.Share(patch.Error ?? double.PositiveInfinity));
            new[] { r, g, b, byte.MaxValue }.CopyTo(pixels, patch.Patch * Channels);
        }

        return PixelPng.DataUri(pixels, errors.Grid, errors.Grid);
    }

    /// <summary>What the picture says, for who does not see it.</summary>
    public static string Words(PatchErrors errors, int image)
    {
        var removed = errors.Removed(image).Select(patch => patch.Error ?? double.NaN).ToList();
        return $"mean squared error {Format.Number(removed.Average())} over {removed.Count} removed patches, at most {Format.Number(removed.Max())}";
    }
}
