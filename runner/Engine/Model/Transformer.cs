using MaeLab.Domain.Recipes;
using static TorchSharp.torch;

namespace MaeLab.Engine.Model;

/// <summary>Pre-norm transformer blocks as timm builds them; in bf16 the linear layers, and only they, compute in bfloat16.</summary>
internal sealed class Transformer(Precision precision)
{
    private const double Epsilon = 1e-6;

    /// <param name="x">[N, T, w]</param>
    /// <param name="keep">Factors [N, 1, 1] of the branches of every block, attention before MLP (drop path); null: every branch as it is.</param>
    /// <returns>[N, T, w]</returns>
    public Tensor Blocks(Weights weights, string prefix, TransformerShape shape, Tensor x, IReadOnlyList<Tensor>? keep = null)
    {
        for (var block = 0; block < shape.Depth; block++)
        {
            x = x.Plus(Kept(Attention(weights, $"{prefix}.{block}.attn", shape.Heads, Norm(weights, $"{prefix}.{block}.norm1", x)), keep, 2 * block));
            x = x.Plus(Kept(Mlp(weights, $"{prefix}.{block}.mlp", Norm(weights, $"{prefix}.{block}.norm2", x)), keep, (2 * block) + 1));
        }

        return x;
    }

    private static Tensor Kept(Tensor branch, IReadOnlyList<Tensor>? keep, int index) => keep is null ? branch : branch.mul(keep[index]);

    public static Tensor Norm(Weights weights, string name, Tensor x) =>
        nn.functional.layer_norm(x, [x.shape[^1]], weights[$"{name}.weight"], weights[$"{name}.bias"], Epsilon);

    /// <summary>x W^T + b in fp32, or in bf16 with the result back in fp32. A convolution's weight counts as [first, rest].</summary>
    public Tensor Linear(Weights weights, string name, Tensor x) => LinearIn(weights, name, x).to(ScalarType.Float32);

    private Tensor LinearIn(Weights weights, string name, Tensor x)
    {
        Tensor weight = weights[$"{name}.weight"], bias = weights[$"{name}.bias"];
        weight = weight.dim() == 2 ? weight : weight.view(weight.shape[0], -1);
        return precision switch
        {
            Precision.Fp32 => nn.functional.linear(x, weight, bias),
            Precision.Bf16 => nn.functional.linear(
                x.to(ScalarType.BFloat16), weight.to(ScalarType.BFloat16), bias.to(ScalarType.BFloat16)),
            _ => throw new InvalidOperationException($"Unknown precision {precision}."),
        };
    }

    private Tensor Attention(Weights weights, string name, int heads, Tensor x)
    {
        long images = x.shape[0], tokens = x.shape[1], width = x.shape[2];

        // Features of qkv: q | k | v, each head by head. [N, T, 3 w] -> 3 x [N, heads, T, w / heads]
        var qkv = Linear(weights, $"{name}.qkv", x).view(images, tokens, 3, heads, width / heads).permute(2, 0, 3, 1, 4).unbind(0);
        var mixed = nn.functional.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2]);
        return Linear(weights, $"{name}.proj", mixed.transpose(1, 2).reshape(images, tokens, width));
    }

    private Tensor Mlp(Weights weights, string name, Tensor x)
    {
        // The GELU (exact, by erf) stays in the precision of fc1's result: fc2 would round its result to bf16 all the same.
        var hidden = nn.functional.gelu(LinearIn(weights, $"{name}.fc1", x));
        return Linear(weights, $"{name}.fc2", hidden);
    }
}
