using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>The gallery's images as a run reconstructs them: four pictures each, and their errors by patch.</summary>
internal sealed record GalleryDrawing(IReadOnlyList<GalleryImage> Pictures, PatchErrors Errors)
{
    /// <summary>Shade of a removed patch in the masked picture: neither the black nor the white of the data sets.</summary>
    private const double RemovedShade = 0.5;

    /// <summary>A millionth is a thousandth of the range of pixels: finer than anyone can see, and half the text.</summary>
    private const int ErrorDigits = 6;

    public static GalleryDrawing Of(Reconstructor reconstructor, Weights weights, Recipe recipe, Dataset dataset)
    {
        using var scope = NewDisposeScope();
        var images = Gallery.Choose(dataset.Probe, dataset.Classes, recipe.Evaluation.Reconstructions);
        var masks = Gallery.Masks(recipe, images);
        var drawn = reconstructor.Reconstruct(weights, images, masks, PatchLevels.True);
        var visible = drawn.Original - (drawn.Original * drawn.Removed);
        return new(
            [
                .. Draw(ImageKinds.Original, drawn.Original),
                .. Draw(ImageKinds.Masked, visible.Plus(drawn.Removed.Times(RemovedShade))),
                .. Draw(ImageKinds.Reconstruction, drawn.Predicted),
                .. Draw(ImageKinds.VisiblePasted, visible.Plus(drawn.Predicted * drawn.Removed)),
            ],
            ErrorsOf(drawn.PatchErrors(reconstructor.Shape), masks, reconstructor.Shape));
    }

    /// <param name="errors">[N, L]</param>
    private static PatchErrors ErrorsOf(Tensor errors, MaskPlan masks, MaeShape shape)
    {
        var rows = errors.contiguous().cpu().data<float>().ToArray().Chunk(masks.Patches)
            .Zip(masks.Order.Chunk(masks.Patches), (values, order) => new ImageErrors(
                [.. values.Select(error => float.IsFinite(error) ? Math.Round(error, ErrorDigits) : (double?)null)],
                [.. order.Take(masks.Visible).Order()]));
        return new(shape.PatchSize, shape.Grid, [.. rows]);
    }

    private static IEnumerable<GalleryImage> Draw(string kind, Tensor images)
    {
        int channels = (int)images.shape[1], size = (int)images.shape[2];
        var bytes = images.Times(255).round().to(ScalarType.Byte).permute(0, 2, 3, 1).contiguous().cpu().data<byte>().ToArray();
        var perImage = channels * size * size;
        return Enumerable.Range(0, (int)images.shape[0]).Select(image =>
            new GalleryImage(image, kind, size, size, Png.Encode(bytes.AsSpan(image * perImage, perImage), size, channels)));
    }
}
