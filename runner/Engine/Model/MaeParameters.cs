using MaeLab.Domain.Recipes;

namespace MaeLab.Engine.Model;

/// <summary>The parameters of a masked autoencoder: names and shapes of the public MAE checkpoints (timm's blocks).</summary>
public static class MaeParameters
{
    public const string ClassToken = "cls_token";
    public const string Positions = "pos_embed";
    public const string PatchEmbedding = "patch_embed.proj";
    public const string EncoderBlocks = "blocks";
    public const string EncoderNorm = "norm";
    public const string DecoderEmbed = "decoder_embed";
    public const string MaskToken = "mask_token";
    public const string DecoderPositions = "decoder_pos_embed";
    public const string DecoderBlocks = "decoder_blocks";
    public const string DecoderNorm = "decoder_norm";
    public const string DecoderPrediction = "decoder_pred";

    // Not in the public checkpoints: only where the recipe asks for them.
    public const string EncoderMaskToken = "encoder_mask_token";
    public const string PcaMean = PcaPrefix + "mean";
    public const string PcaComponents = PcaPrefix + "components";
    public const string PcaScale = PcaPrefix + "scale";
    private const string PcaPrefix = "target_pca.";

    public static IReadOnlyList<ParameterSpec> Of(MaeShape shape)
    {
        long width = shape.Encoder.Width, decoderWidth = shape.Decoder.Width;
        List<ParameterSpec> all =
        [
            new(ClassToken, [1, 1, width], InitialValue.SmallNormal),
            new(Positions, [1, shape.Patches + 1, width], InitialValue.Positions),
            new($"{PatchEmbedding}.weight", [width, shape.Channels, shape.PatchSize, shape.PatchSize], InitialValue.XavierUniform),
            new($"{PatchEmbedding}.bias", [width], InitialValue.ConvolutionBias),
            .. Blocks(EncoderBlocks, shape.Encoder, shape.MlpRatio),
            .. LayerNorm(EncoderNorm, width),
            .. Linear(DecoderEmbed, width, decoderWidth),
            shape.EncoderMaskTokens
                ? new(EncoderMaskToken, [1, 1, width], InitialValue.SmallNormal)
                : new(MaskToken, [1, 1, decoderWidth], InitialValue.SmallNormal),
            new(DecoderPositions, [1, shape.Patches + 1, decoderWidth], InitialValue.Positions),
            .. Blocks(DecoderBlocks, shape.Decoder, shape.MlpRatio),
            .. LayerNorm(DecoderNorm, decoderWidth),
            .. Linear(DecoderPrediction, decoderWidth, shape.TargetValues),
        ];
        return shape.PcaComponents is { } components ? [.. all, .. Pca(components, shape.PatchValues)] : all;
    }

    /// <summary>Whether features of unmasked images are computed from it; public encoder files hold these parameters and no others.</summary>
    public static bool MakesFeatures(string name) =>
        !name.StartsWith("decoder", StringComparison.Ordinal) && !name.StartsWith(PcaPrefix, StringComparison.Ordinal) && name is not (MaskToken or EncoderMaskToken);

    /// <summary>The encoder's share of <see cref="Of"/>: what is left of the model once it is pre-trained.</summary>
    public static IReadOnlyList<ParameterSpec> OfEncoder(MaeShape shape) => [.. Of(shape).Where(parameter => MakesFeatures(parameter.Name))];

    private static IEnumerable<ParameterSpec> Blocks(string prefix, TransformerShape shape, double mlpRatio)
    {
        long width = shape.Width, hidden = (long)(width * mlpRatio);
        return Enumerable.Range(0, shape.Depth).Select(block => $"{prefix}.{block}").SelectMany(block =>
        (IEnumerable<ParameterSpec>)[
            .. LayerNorm($"{block}.norm1", width),
            .. Linear($"{block}.attn.qkv", width, 3 * width),
            .. Linear($"{block}.attn.proj", width, width),
            .. LayerNorm($"{block}.norm2", width),
            .. Linear($"{block}.mlp.fc1", width, hidden),
            .. Linear($"{block}.mlp.fc2", hidden, width),
        ]);
    }

    private static ParameterSpec[] Pca(long components, long values) =>
    [
        new(PcaMean, [values], InitialValue.PatchPca),
        new(PcaComponents, [components, values], InitialValue.PatchPca),
        new(PcaScale, [1], InitialValue.PatchPca),
    ];

    private static ParameterSpec[] Linear(string name, long from, long to) =>
        [new($"{name}.weight", [to, from], InitialValue.XavierUniform), new($"{name}.bias", [to], InitialValue.Zero)];

    private static ParameterSpec[] LayerNorm(string name, long width) =>
        [new($"{name}.weight", [width], InitialValue.One), new($"{name}.bias", [width], InitialValue.Zero)];
}
