using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using MaeLab.Engine.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Model;

public sealed class MaeTests : IDisposable
{
    private static readonly MaeShape s_shape = new(12, 3, 4, new(16, 2, 2), new(8, 1, 2));
    private readonly DisposeScope _scope;
    private readonly ParameterStore _parameters;
    private readonly Tensor _images;

    public MaeTests()
    {
        NativeThreads.Prepare();
        _scope = NewDisposeScope();
        _parameters = new(MaeParameters.Of(s_shape), CPU, parameter => Initialization.Values(parameter, s_shape, seed: 3));
        _images = tensor([.. Enumerable.Range(0, 2 * 3 * 12 * 12).Select(n => (float)CounterRandom.Of(7, RandomPurpose.Crop).Normal(n))], [2, 3, 12, 12]);
    }

    public void Dispose()
    {
        _parameters.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void ForTarget_puts_channel_fastest_then_column_then_row()
    {
        var patches = Patches.ForTarget(_images, s_shape);

        Assert.Equal([2, 9, 48], patches.shape);
        // Patch 5 is row 1, column 2 of the grid; value (row 3, column 1, channel 2) within it.
        Assert.Equal(_images[1, 2, 4 + 3, 8 + 1].item<float>(), patches[1, 5, (((3 * 4) + 1) * 3) + 2].item<float>());
    }

    [Fact]
    public void ToImages_undoes_ForTarget() =>
        Assert.True(Patches.ToImages(Patches.ForTarget(_images, s_shape), s_shape).equal(_images).all().item<bool>());

    [Fact]
    public void ForEmbedding_times_the_flat_weight_is_the_convolution()
    {
        var weight = _parameters.Weights(Precision.Fp32)["patch_embed.proj.weight"];
        var convolved = nn.functional.conv2d(_images, weight, strides: [4, 4]).flatten(2).transpose(1, 2);

        AssertClose(convolved, Patches.ForEmbedding(_images, s_shape).matmul(weight.view(16, -1).t()));
    }

    [Fact]
    public void Encode_with_every_patch_visible_is_EncodeAll_in_any_order()
    {
        var mae = new Mae(s_shape);
        var order = Masks(s_shape.Patches);
        var weights = _parameters.Weights(Precision.Fp32);
        var shuffled = mae.Encode(weights, _images, Mask.Of(order, CPU));
        var whole = mae.EncodeAll(weights, _images);

        AssertClose(whole.select(1, 0), shuffled.select(1, 0));
        for (var position = 0; position < s_shape.Patches; position++)
        {
            AssertClose(whole[1, 1 + order.Order[s_shape.Patches + position]], shuffled[1, 1 + position]);
        }
    }

    [Fact]
    public void Decode_does_not_depend_on_the_removed_patches()
    {
        var mae = new Mae(s_shape);
        var mask = Mask.Of(Masks(visible: 3), CPU);
        var weights = _parameters.Weights(Precision.Fp32);
        var removed = Patches.ForTarget(_images, s_shape) - mask.Removed.unsqueeze(-1);
        var changed = Patches.ToImages(removed, s_shape);

        AssertClose(mae.Decode(weights, mae.Encode(weights, _images, mask), mask), mae.Decode(weights, mae.Encode(weights, changed, mask), mask));
    }

    [Fact]
    public void Encode_with_mask_tokens_sees_all_positions_but_not_the_removed_patches()
    {
        var (mae, parameters) = WithEncoderMaskTokens();
        using var _ = parameters;
        var mask = Mask.Of(Masks(visible: 3), CPU);
        var changed = Patches.ToImages(Patches.ForTarget(_images, s_shape) - mask.Removed.unsqueeze(-1), s_shape);
        Tensor latent = mae.Encode(parameters.Weights(Precision.Fp32), _images, mask), other = mae.Encode(parameters.Weights(Precision.Fp32), changed, mask);

        Assert.Equal([2, s_shape.Patches + 1, 16], latent.shape);
        AssertClose(latent, other);
        Assert.Equal([2, s_shape.Patches, s_shape.PatchValues], mae.Decode(parameters.Weights(Precision.Fp32), latent, mask).shape);
        // A patch that can be seen makes a difference.
        Assert.True((latent - mae.Encode(parameters.Weights(Precision.Fp32), _images.neg(), mask)).abs().max().item<float>() > 1e-3);
    }

    [Fact]
    public void Encode_with_mask_tokens_and_every_patch_visible_is_EncodeAll()
    {
        var (mae, parameters) = WithEncoderMaskTokens();
        using var _ = parameters;

        AssertClose(mae.EncodeAll(parameters.Weights(Precision.Fp32), _images), mae.Encode(parameters.Weights(Precision.Fp32), _images, Mask.Of(Masks(s_shape.Patches), CPU)));
    }

    [Fact]
    public void Bf16_is_near_fp32_but_not_equal()
    {
        var mae = new Mae(s_shape);
        Tensor single = mae.EncodeAll(_parameters.Weights(Precision.Fp32), _images), half = mae.EncodeAll(_parameters.Weights(Precision.Bf16), _images);

        Assert.Equal(ScalarType.Float32, half.dtype);
        var difference = (single - half).abs().max().item<float>();
        Assert.InRange(difference, 1e-5f, 0.1f);
    }

    [Fact]
    public void Uniformity_is_one_for_equal_features_and_inverse_dimension_for_orthogonal_ones()
    {
        Assert.Equal(1, Losses.Uniformity(ones(6, 2, 4)).item<float>(), 1e-5f);
        Assert.Equal(0.25f, Losses.Uniformity(eye(4).unsqueeze(1)).item<float>(), 1e-5f);
    }

    [Fact]
    public void Table_has_zero_for_cls_and_the_column_before_the_row()
    {
        var table = SinCosPositions.Table(grid: 3, width: 8);

        Assert.Equal(new float[8], table[..8]);
        // Patch 5: row 1, column 2. Frequencies 1 and 0.01.
        double[] expected = [Math.Sin(2), Math.Sin(0.02), Math.Cos(2), Math.Cos(0.02), Math.Sin(1), Math.Sin(0.01), Math.Cos(1), Math.Cos(0.01)];
        Assert.Equal(expected.Select(value => (float)value), table[(6 * 8)..(7 * 8)]);
    }

    private static MaskPlan Masks(int visible) =>
        MaskOrder.Plan(MaskSampler.Random, s_shape.Grid, visible, [.. Enumerable.Range(0, 2).Select(image => CounterRandom.Of(0, RandomPurpose.Mask, 0, image))]);

    private static (Mae Model, ParameterStore Parameters) WithEncoderMaskTokens()
    {
        var shape = s_shape with { EncoderMaskTokens = true };
        return (new(shape), new(MaeParameters.Of(shape), CPU, parameter => Initialization.Values(parameter, shape, seed: 3)));
    }

    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.True((expected - actual).abs().max().item<float>() < 1e-5, $"Largest difference {(expected - actual).abs().max().item<float>()}.");
}
