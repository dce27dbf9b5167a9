using System.Globalization;
using MaeLab.Engine.Model;

namespace MaeLab.Engine.Evaluation;

/// <summary>Layer-wise learning-rate decay (as in BEiT and MAE's fine-tuning): the nearer to the image, the less a layer moves.</summary>
public static class LayerDecay
{
    /// <returns>0 for tokens, positions and patch embedding; i + 1 for block i; depth + 1 for what follows the blocks.</returns>
    public static int Layer(string parameter, int depth) => parameter switch
    {
        MaeParameters.ClassToken or MaeParameters.Positions => 0,
        _ when parameter.StartsWith($"{MaeParameters.PatchEmbedding}.", StringComparison.Ordinal) => 0,
        _ when parameter.StartsWith($"{MaeParameters.EncoderBlocks}.", StringComparison.Ordinal) => int.Parse(parameter.Split('.')[1], CultureInfo.InvariantCulture) + 1,
        _ => depth + 1,
    };

    /// <summary>Factor of a layer's learning rate: decay^(depth + 1 - layer).</summary>
    public static double Scale(double decay, int layer, int depth) => Math.Pow(decay, depth + 1 - layer);
}
