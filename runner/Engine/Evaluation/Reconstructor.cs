using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>Reconstructs probe images through the gallery's masks, back in pixels of [0, 1].</summary>
internal sealed class Reconstructor(Recipe recipe, Dataset dataset, Mae model, ImageLoader loader)
{
    /// <summary>Shade of a removed patch in the masked picture: neither the black nor the white of the data sets.</summary>
    private const double RemovedShade = 0.5;

    /// <summary>
    /// Mean squared error over the removed patches, in pixels of [0, 1]. It compares across patch sizes, but not across targets: under
    /// normalised pixels the true patch lends its level and contrast, which the other targets have to predict.
    /// </summary>
    public double Error(Weights weights, int[] images)
    {
        using var scope = NewDisposeScope();
        var (original, reconstruction, removed) = Reconstruct(weights, images);
        return ((original - reconstruction).Squared() * removed).sum().item<float>()
            / (removed.sum().item<float>() * dataset.Channels);
    }

    /// <summary>Four pictures an image.</summary>
    public IEnumerable<GalleryImage> Draw(Weights weights, int[] images)
    {
        using var scope = NewDisposeScope();
        var (original, reconstruction, removed) = Reconstruct(weights, images);
        var visible = original - (original * removed);
        return [
            .. Pictures("original", original),
            .. Pictures("masked", visible.Plus(removed.Times(RemovedShade))),
            .. Pictures("reconstruction", reconstruction),
            .. Pictures("visible_pasted", visible.Plus(reconstruction * removed)),
        ];
    }

    /// <returns>Originals and reconstructions [N, C, S, S] of pixels in [0, 1], the latter as predicted for every patch; and the mask [N, 1, S, S], 1 removed.</returns>
    private (Tensor Original, Tensor Reconstruction, Tensor Removed) Reconstruct(Weights weights, int[] images)
    {
        var device = weights[MaeParameters.ClassToken].device;
        var input = loader.Tensor(dataset.Probe, images, device);
        var mask = Mask.Of(Gallery.Masks(recipe, images), device);
        var prediction = model.Decode(weights, model.Encode(weights, input, mask), mask);
        if (recipe.Target == ReconstructionTarget.NormalizedPixels)
        {
            // Only the shape of a patch was learnt; its level and contrast are taken from the true patch, as in the paper's figures.
            var (mean, deviation) = Losses.PatchStatistics(Patches.ForTarget(input, model.Shape));
            prediction = (prediction * deviation).Plus(mean);
        }
        else if (recipe.Target == ReconstructionTarget.Pca)
        {
            prediction = PatchPca.ToPatches(weights, prediction);
        }

        var pixelMask = mask.Removed.view(-1, 1, model.Shape.Grid, model.Shape.Grid)
            .repeat_interleave(model.Shape.PatchSize, 2).repeat_interleave(model.Shape.PatchSize, 3);
        return (ToPixels(input), ToPixels(Patches.ToImages(prediction, model.Shape)), pixelMask);
    }

    private Tensor ToPixels(Tensor images)
    {
        var deviation = tensor(dataset.Deviation, device: images.device).view(1, -1, 1, 1);
        var mean = tensor(dataset.Mean, device: images.device).view(1, -1, 1, 1);
        return (images * deviation).Plus(mean).Within(0, 1);
    }

    private static IEnumerable<GalleryImage> Pictures(string kind, Tensor images)
    {
        int channels = (int)images.shape[1], size = (int)images.shape[2];
        var bytes = images.Times(255).round().to(ScalarType.Byte).permute(0, 2, 3, 1).contiguous().cpu().data<byte>().ToArray();
        var perImage = channels * size * size;
        return Enumerable.Range(0, (int)images.shape[0]).Select(image =>
            new GalleryImage(image, kind, size, size, Png.Encode(bytes.AsSpan(image * perImage, perImage), size, channels)));
    }
}
