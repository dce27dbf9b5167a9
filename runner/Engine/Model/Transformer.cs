using MaeLab.Domain.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace MaeLab.Engine.Model;

/// <summary>
/// Pre-norm transformer blocks as timm builds them. Linear layers compute in the precision of their weights; between two of them
/// (attention, GELU) numbers stay in it, softmax inside in fp32. The residual stream and LayerNorm are fp32 always.
/// </summary>
internal static class Transformer
{
    private const double Epsilon = 1e-6;

    /// <param name="x">[N, T, w]</param>
    /// <param name="keep">Factors [N, 1, 1] of the branches of every block, attention before MLP (drop path); null: every branch as it is.</param>
    /// <param name="trace">Is given what is on the way; null: nobody looks.</param>
    /// <returns>[N, T, w]</returns>
    public static Tensor Blocks(
        Weights weights, string prefix, TransformerShape shape, Tensor x, IReadOnlyList<Tensor>? keep = null, BlockTrace? trace = null)
    {
        trace?.AddState(x);
        for (var block = 0; block < shape.Depth; block++)
        {
            x = x.Plus(Kept(Attention(weights, $"{prefix}.{block}.attn", shape.Heads, Norm(weights, $"{prefix}.{block}.norm1", x), trace), keep, 2 * block));
            trace?.AddMiddle(x);
            x = x.Plus(Kept(Mlp(weights, $"{prefix}.{block}.mlp", Norm(weights, $"{prefix}.{block}.norm2", x)), keep, (2 * block) + 1));
            trace?.AddState(x);
        }

        return x;
    }

    private static Tensor Kept(Tensor branch, IReadOnlyList<Tensor>? keep, int index) => keep is null ? branch : branch.mul(keep[index]);

    public static Tensor Norm(Weights weights, string name, Tensor x) =>
        nn.functional.layer_norm(x, [x.shape[^1]], weights[$"{name}.weight"], weights[$"{name}.bias"], Epsilon);

    /// <summary>x W^T + b, the result in fp32. A convolution's weight counts as [first, rest].</summary>
    public static Tensor Linear(Weights weights, string name, Tensor x) => LinearIn(weights, name, x).to(ScalarType.Float32);

    private static Tensor LinearIn(Weights weights, string name, Tensor x)
    {
        Tensor weight = weights[$"{name}.weight"], bias = weights[$"{name}.bias"];
        weight = weight.dim() == 2 ? weight : weight.view(weight.shape[0], -1);
        return nn.functional.linear(x.to(weight.dtype), weight, bias.to(weight.dtype));
    }

    private static Tensor Attention(Weights weights, string name, int heads, Tensor x, BlockTrace? trace)
    {
        long images = x.shape[0], tokens = x.shape[1], width = x.shape[2];

        // Features of qkv: q | k | v, each head by head. [N, T, 3 w] -> 3 x [N, heads, T, w / heads]
        var qkv = LinearIn(weights, $"{name}.qkv", x).view(images, tokens, 3, heads, width / heads).permute(2, 0, 3, 1, 4).unbind(0);
        var maps = trace is not null || InSteps(qkv[0]) ? Maps(qkv[0], qkv[1]) : null;
        if (maps is not null)
        {
            trace?.AddMaps(maps);
        }

        var mixed = maps?.matmul(qkv[2]) ?? nn.functional.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2]);
        return Linear(weights, $"{name}.proj", mixed.transpose(1, 2).reshape(images, tokens, width));
    }

    /// <summary>
    /// On a CPU libtorch's fused attention takes three to six times as long in bf16 as matrix products with a softmax between,
    /// which also computes in fp32. Only for long sequences the T x T weights that these keep are too many.
    /// </summary>
    private static bool InSteps(Tensor q) => q.dtype == ScalarType.BFloat16 && q.device.type == DeviceType.CPU && q.shape[2] <= 512;

    /// <param name="q">[N, heads, T, d], as k.</param>
    /// <returns>[N, heads, T, T]; a row is a query and sums to 1.</returns>
    private static Tensor Maps(Tensor q, Tensor k) => q.Times(1 / Math.Sqrt(q.shape[^1])).matmul(k.transpose(-2, -1)).softmax(-1);

    private static Tensor Mlp(Weights weights, string name, Tensor x)
    {
        // The GELU is the exact one, by erf.
        var hidden = nn.functional.gelu(LinearIn(weights, $"{name}.fc1", x));
        return Linear(weights, $"{name}.fc2", hidden);
    }
}
