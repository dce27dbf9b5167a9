using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using MaeLab.Engine.Native;
using MaeLab.Engine.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Model;

public sealed class PatchPcaTests : IDisposable
{
    private static readonly Dataset s_dataset = new DatasetLocator(new Dictionary<string, string>()).Open(Datasets.FashionMnistSample.Name, 320);
    private static readonly Recipe s_recipe = Jobs.Small with { Target = ReconstructionTarget.Pca };
    private readonly DisposeScope _scope;
    private readonly Tensor _images;

    public PatchPcaTests()
    {
        NativeThreads.Prepare();
        _scope = NewDisposeScope();
        _images = new ImageLoader(s_dataset, 28).Tensor(s_dataset.Train, [.. Enumerable.Range(0, 320)], CPU);
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Components_are_orthonormal_and_have_a_positive_largest_entry()
    {
        var components = Weights(s_recipe, out var basis)[MaeParameters.PcaComponents];

        Assert.True((components.matmul(components.t()) - eye(16)).abs().max().item<float>() < 1e-5);
        Assert.All(basis.Components.Chunk(16), row => Assert.True(row.MaxBy(Math.Abs) > 0));
    }

    [Fact]
    public void Coefficients_are_uncorrelated_of_falling_variance_and_mean_square_one()
    {
        var shape = MaeShape.Of(s_recipe with { PcaComponents = 5 }, channels: 1);
        var coefficients = Losses.Target(Weights(s_recipe with { PcaComponents = 5 }, out _), _images, shape, ReconstructionTarget.Pca).view(-1, 5);
        var covariance = coefficients.t().matmul(coefficients) / coefficients.shape[0];
        var variances = covariance.diag().data<float>().ToArray();

        Assert.Equal(variances.OrderDescending(), variances);
        Assert.Equal(1, variances.Average(), 1e-3);
        Assert.True((covariance - covariance.diag().diag()).abs().max().item<float>() < 1e-3);
        Assert.True(coefficients.mean([0]).abs().max().item<float>() < 1e-3);
    }

    [Fact]
    public void All_components_give_the_loss_of_pixels_times_a_constant_and_the_patches_back()
    {
        var shape = MaeShape.Of(s_recipe, channels: 1);
        var weights = Weights(s_recipe, out var basis);
        var mask = Mask.Of(MaskOrder.Plan(MaskSampler.Random, 7, 12, [.. Enumerable.Range(0, 320).Select(image => CounterRandom.Of(0, RandomPurpose.Mask, 0, image))]), CPU);
        var pixels = Losses.Target(weights, _images, shape, ReconstructionTarget.Pixels);
        var coefficients = Losses.Target(weights, _images, shape, ReconstructionTarget.Pca);
        var guess = zeros_like(pixels);

        Assert.True((PatchPca.ToPatches(weights, coefficients) - pixels).abs().max().item<float>() < 1e-4);
        var ofPixels = Losses.Reconstruction(PatchPca.ToPatches(weights, guess), pixels, mask).item<float>();
        Assert.Equal(ofPixels / (basis.Scale * basis.Scale), Losses.Reconstruction(guess, coefficients, mask).item<float>(), 1e-4);
    }

    /// <summary>What is left out is the variance along the components left out: no other basis of as many would leave less.</summary>
    [Fact]
    public void Few_components_lose_the_variance_of_the_others()
    {
        var pixels = Losses.Target(Weights(s_recipe, out var whole), _images, MaeShape.Of(s_recipe, 1), ReconstructionTarget.Pixels);
        var all = Losses.Target(Weights(s_recipe, out _), _images, MaeShape.Of(s_recipe, 1), ReconstructionTarget.Pca);
        var weights = Weights(s_recipe with { PcaComponents = 4 }, out _);
        var lost = (PatchPca.ToPatches(weights, PatchPca.Coefficients(weights, pixels)) - pixels).pow(2).sum(-1).mean().item<float>();

        Assert.Equal(all.narrow(-1, 4, 12).pow(2).sum(-1).mean().item<float>() * whole.Scale * whole.Scale, lost, 1e-3);
    }

    [Fact]
    public void Basis_does_not_depend_on_seed_or_batch_and_is_absent_for_other_targets()
    {
        PatchPca first = PatchPca.OfTarget(s_recipe, s_dataset)!, second = PatchPca.OfTarget(s_recipe with { Seed = 5, BatchSize = 8 }, s_dataset)!;

        Assert.Equal(first.Components, second.Components);
        Assert.Equal((first.Scale, first.Mean[3]), (second.Scale, second.Mean[3]));
        Assert.Null(PatchPca.OfTarget(Jobs.Small, s_dataset));
    }

    [Fact]
    public void Constant_images_have_a_finite_target()
    {
        var shape = MaeShape.Of(s_recipe with { PcaComponents = 3 }, channels: 1);
        var basis = PatchPca.Of([ones(4, 1, 28, 28)], shape);

        Assert.Equal(1, basis.Scale);
        Assert.All(basis.Components, value => Assert.True(float.IsFinite(value)));
    }

    private static Weights Weights(Recipe recipe, out PatchPca basis)
    {
        var of = PatchPca.OfTarget(recipe, s_dataset)!;
        basis = of;
        return new(MaeParameters.Of(MaeShape.Of(recipe, 1)).Where(parameter => of.Values(parameter) is not null)
            .ToDictionary(parameter => parameter.Name, parameter => tensor(of.Values(parameter)!, parameter.Shape)));
    }
}
