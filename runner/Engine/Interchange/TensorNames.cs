using MaeLab.Engine.Model;

namespace MaeLab.Engine.Interchange;

/// <summary>A parameter's names in exchanged files.</summary>
public static class TensorNames
{
    private const string HfEncoder = "vit.";
    private const string HfDecoder = "decoder.";

    /// <summary>The scheme that a file with these names follows.</summary>
    public static NameScheme SchemeOf(IEnumerable<string> names) =>
        names.Any(name => name.StartsWith(HfEncoder, StringComparison.Ordinal)) ? NameScheme.Hf : NameScheme.Mae;

    /// <summary>One name, or three where the scheme splits the parameter's rows into equal parts (q, k, v).</summary>
    /// <exception cref="InvalidDataException">The scheme has no such parameter.</exception>
    public static IReadOnlyList<string> Of(string parameter, NameScheme scheme) => scheme switch
    {
        NameScheme.Mae => [parameter],
        NameScheme.Hf => Hf(parameter),
        _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "Unknown scheme."),
    };

    /// <summary>Whether a name stands for what features of whole images are computed from.</summary>
    public static bool IsOfEncoder(string name, NameScheme scheme) =>
        scheme == NameScheme.Hf ? name.StartsWith(HfEncoder, StringComparison.Ordinal) : MaeParameters.MakesFeatures(name);

    /// <summary>Shape of one of so many equal parts of a parameter's rows.</summary>
    internal static long[] PartShape(string parameter, long[] shape, int parts) => parts == 1 ? shape
        : shape.Length > 0 && shape[0] % parts == 0 ? [shape[0] / parts, .. shape[1..]]
        : throw new InvalidDataException($"'{parameter}' [{string.Join(", ", shape)}] cannot be split into {parts}.");

    private static IReadOnlyList<string> Hf(string parameter)
    {
        // layer, weight or bias
        var dot = parameter.LastIndexOf('.');
        var (layer, kind) = dot < 0 ? (parameter, "") : (parameter[..dot], parameter[dot..]);
        if (layer.Split('.') is [var blocks and (MaeParameters.EncoderBlocks or MaeParameters.DecoderBlocks), var index, .. var inner])
        {
            var block = blocks == MaeParameters.EncoderBlocks ? $"{HfEncoder}encoder.layer.{index}." : $"{HfDecoder}decoder_layers.{index}.";
            return [.. HfOfBlock(string.Join('.', inner), parameter).Select(name => block + name + kind)];
        }

        return [layer switch
        {
            MaeParameters.ClassToken => HfEncoder + "embeddings.cls_token",
            MaeParameters.Positions => HfEncoder + "embeddings.position_embeddings",
            MaeParameters.PatchEmbedding => HfEncoder + "embeddings.patch_embeddings.projection",
            MaeParameters.EncoderNorm => HfEncoder + "layernorm",
            MaeParameters.MaskToken or MaeParameters.DecoderPositions or MaeParameters.DecoderEmbed or MaeParameters.DecoderNorm
                or MaeParameters.DecoderPrediction => HfDecoder + layer,
            _ => throw NoSuchHfName(parameter),
        } + kind];
    }

    private static string[] HfOfBlock(string layer, string parameter) => layer switch
    {
        "norm1" => ["layernorm_before"],
        "norm2" => ["layernorm_after"],
        "attn.qkv" => ["attention.attention.query", "attention.attention.key", "attention.attention.value"],
        "attn.proj" => ["attention.output.dense"],
        "mlp.fc1" => ["intermediate.dense"],
        "mlp.fc2" => ["output.dense"],
        _ => throw NoSuchHfName(parameter),
    };

    private static InvalidDataException NoSuchHfName(string parameter) => new($"Hugging Face's ViT-MAE has no parameter like '{parameter}'.");
}
