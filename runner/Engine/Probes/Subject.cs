using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <summary>
/// The model that probes look into, with the images and masks they look at: held-out images in the gallery's order, under its masks. These
/// are functions of the data set, so runs compare, and nothing of a run's randomness is used up.
/// </summary>
/// <param name="Weights">fp32.</param>
internal sealed record Subject(Recipe Recipe, Dataset Dataset, Mae Model, ImageLoader Loader, Weights Weights)
{
    /// <summary>A traced pass keeps L x L maps of every head, and their singular values take L^3: 10 images at 49 patches, 4 from 128 on.</summary>
    private const int TracedPatches = 512;

    private const int LeastTraced = 4;
    private const int MostTraced = 16;

    /// <summary>Not the runs' seed.</summary>
    private const long Seed = 20_220_203;

    public MaeShape Shape => Model.Shape;

    public Device Device => Weights[MaeParameters.ClassToken].device;

    /// <summary>How many images a traced pass takes.</summary>
    public int Traced => Math.Clamp(TracedPatches / Shape.Patches, LeastTraced, MostTraced);

    /// <summary>The first so many images of the gallery's order, or as many as there are.</summary>
    public int[] Choose(int count) => Gallery.Choose(Dataset.Probe, Dataset.Classes, count);

    /// <returns>[N, C, S, S]</returns>
    public Tensor Images(int[] images) => Loader.Tensor(Dataset.Probe, images, Device);

    /// <summary>The gallery's masks, at the recipe's ratio.</summary>
    public Mask GalleryMask(int[] images) => Mask.Of(Gallery.Masks(Recipe, images), Device);

    /// <summary>Random masks of another ratio; another draw is another mask for every image.</summary>
    public Mask RandomMask(int[] images, int visible, int draw) => Mask.Of(Masks(MaskSampler.Random, Shape.Grid, visible, images, draw), Device);

    /// <summary>Masks of any kind on any grid.</summary>
    public static MaskPlan Masks(MaskSampler sampler, int grid, int visible, int[] images, int draw = 0) =>
        MaskOrder.Plan(sampler, grid, visible, [.. images.Select(image => CounterRandom.Of(Seed, RandomPurpose.Mask, draw, image))]);

    /// <summary>Standard normal noise, for every image its own.</summary>
    /// <returns>[N, C, S, S]</returns>
    public Tensor Noise(int[] images) => Loader.Tensor(images, Device, (image, result) =>
    {
        var random = CounterRandom.Of(Seed, RandomPurpose.ProbeNoise, 0, image);
        for (var n = 0; n < result.Length; n++)
        {
            result[n] = (float)random.Normal(n);
        }
    });

    /// <param name="images">[N, C, S, S]</param>
    /// <param name="trace">Of the decoder's blocks.</param>
    /// <returns>[N, L, values of the target], a prediction for every patch.</returns>
    public Tensor Predict(Tensor images, Mask mask, BlockTrace? trace = null) => Model.Decode(Weights, Model.Encode(Weights, images, mask), mask, trace);

    /// <summary>What is to be predicted of these images.</summary>
    public Tensor Target(Tensor images) => Losses.Target(Weights, images, Shape, Recipe.Target);

    /// <returns>[N, D] cls features after the final norm, every patch visible: what the classifiers of <c>Evaluation</c> read.</returns>
    public Tensor Features(int[] images, Interruption interruption) =>
        new FeatureExtractor(Model, Loader, Device, interruption).Of(Weights, Dataset.Probe, images);

    /// <returns>[N L, D]: the tokens of the patches, of all images.</returns>
    public static Tensor PatchTokens(Tensor state) => state.narrow(1, 1, state.shape[1] - 1).flatten(0, 1);
}
