using System.Globalization;
using MaeLab.Web.Charts;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Theory;

/// <summary>A number for patches of an image, drawn over it: the stronger the more of the colour, transparent where there is none.</summary>
/// <param name="Original">Null where the run stored no such picture.</param>
/// <param name="Grid">Patches a side.</param>
/// <param name="Patch">The removed patch that it is about, by rows.</param>
/// <param name="Seen">Patches that the model saw; null where that was not stored.</param>
/// <param name="Values">[L] for words; null where nothing was measured.</param>
/// <param name="Shares">[L] for colours, 0 to 1.</param>
/// <param name="Unit">What follows a value in words.</param>
public sealed record PatchMap(
    ImageSummary? Original, int Image, int Grid, int Patch, IReadOnlyList<int>? Seen, IReadOnlyList<double?> Values, IReadOnlyList<double> Shares, string Unit = "")
{
    private const int Channels = 4;
    private const int Named = 3;

    /// <summary>Even the strongest leaves the image to be seen.</summary>
    private const double MostOpaque = 0.85;

    private static readonly byte[] s_unseen = [128, 128, 128, 190];

    /// <summary>What the model did not see in grey, one pixel a patch; null where that was not stored.</summary>
    public string? UnseenUri()
    {
        if (Seen is null)
        {
            return null;
        }

        var pixels = new byte[Grid * Grid * Channels];
        foreach (var patch in Enumerable.Range(0, Grid * Grid).Except(Seen))
        {
            s_unseen.CopyTo(pixels, patch * Channels);
        }

        return PixelPng.DataUri(pixels, Grid, Grid);
    }

    /// <summary>The values, one pixel a patch.</summary>
    public string ValuesUri()
    {
        var pixels = new byte[Grid * Grid * Channels];
        foreach (var (patch, share) in Shares.Index())
        {
            var (r, g, b) = ChartColors.HeatPixel(share);
            new[] { r, g, b, (byte)(share * MostOpaque * byte.MaxValue) }.CopyTo(pixels, patch * Channels);
        }

        return PixelPng.DataUri(pixels, Grid, Grid);
    }

    /// <summary>"row 3, column 5", counted from 1.</summary>
    public string PlaceOf(int patch) => $"row {(patch / Grid) + 1}, column {(patch % Grid) + 1}";

    /// <summary>Where the removed patch lies, in percent of the side.</summary>
    public string Frame() => string.Create(
        CultureInfo.InvariantCulture, $"left:{100.0 * (Patch % Grid) / Grid}%;top:{100.0 * (Patch / Grid) / Grid}%;width:{100.0 / Grid}%;height:{100.0 / Grid}%");

    public string Words() =>
        $"Image {Image}, removed patch in {PlaceOf(Patch)}; strongest: {string.Join("; ", Values.Index().Where(pair => pair.Item > 0).OrderByDescending(pair => pair.Item).Take(Named)
            .Select(pair => $"{PlaceOf(pair.Index)} ({Format.Number(pair.Item!.Value)}{Unit}{(Seen?.Contains(pair.Index) ?? true ? "" : ", removed")})"))}";
}
