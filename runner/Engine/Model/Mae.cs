using MaeLab.Domain.Recipes;
using static TorchSharp.torch;

namespace MaeLab.Engine.Model;

/// <summary>
/// The masked autoencoder of He et al. 2021: the forward passes, without state; the parameters come in as <see cref="Weights"/>.
/// Shapes: N images, L patches of P values, K of them visible, encoder width D, decoder width E.
/// Intermediate tensors belong to the caller's dispose scope.
/// </summary>
public sealed class Mae(MaeShape shape, Precision precision)
{
    private readonly Transformer _transformer = new(precision);

    public MaeShape Shape { get; } = shape;

    /// <summary>The encoder on the visible patches only.</summary>
    /// <param name="images">[N, C, S, S], normalised.</param>
    /// <returns>[N, K + 1, D] after the final norm; token 0 is cls.</returns>
    public Tensor Encode(Weights weights, Tensor images, Mask mask)
    {
        // Every patch is embedded by itself, so it is enough to embed the visible ones.
        var visible = Patches.ForEmbedding(images, Shape).view(-1, Shape.PatchValues).index_select(0, mask.VisibleRows);
        var positions = PatchPositions(weights).index_select(0, mask.VisiblePatches);
        return EncodeTokens(weights, _transformer.Linear(weights, MaeParameters.PatchEmbedding, visible).Plus(positions), images.shape[0]);
    }

    /// <summary>The encoder on all patches: features of unmasked images.</summary>
    /// <returns>[N, L + 1, D] after the final norm; token 0 is cls.</returns>
    public Tensor EncodeAll(Weights weights, Tensor images) => Transformer.Norm(weights, MaeParameters.EncoderNorm, EncodeAllBlocks(weights, images));

    /// <summary>The encoder on all patches up to its last block, as a classifier that is fine-tuned takes it.</summary>
    /// <param name="keep">Factors of the blocks' branches, see <see cref="Transformer.Blocks"/>.</param>
    /// <returns>[N, L + 1, D]; token 0 is cls.</returns>
    internal Tensor EncodeAllBlocks(Weights weights, Tensor images, IReadOnlyList<Tensor>? keep = null)
    {
        var tokens = _transformer.Linear(weights, MaeParameters.PatchEmbedding, Patches.ForEmbedding(images, Shape)).Plus(PatchPositions(weights));
        return EncodeBlocks(weights, tokens, images.shape[0], keep);
    }

    /// <param name="latent">[N, K + 1, D]</param>
    /// <returns>[N, L, P], a prediction for every patch.</returns>
    public Tensor Decode(Weights weights, Tensor latent, Mask mask)
    {
        long images = latent.shape[0], width = Shape.Decoder.Width;
        var tokens = _transformer.Linear(weights, MaeParameters.DecoderEmbed, latent);

        // Rows [N L, E] of mask tokens, the visible ones put back where they came from. Positions are all a mask token has.
        var patches = weights[MaeParameters.MaskToken].view(1, width).expand(images * Shape.Patches, width)
            .index_copy(0, mask.VisibleRows, tokens.narrow(1, 1, mask.Plan.Visible).reshape(-1, width));
        var x = cat([tokens.narrow(1, 0, 1), patches.view(images, Shape.Patches, width)], 1)
            .Plus(weights[MaeParameters.DecoderPositions]);
        x = _transformer.Blocks(weights, MaeParameters.DecoderBlocks, Shape.Decoder, x);
        x = Transformer.Norm(weights, MaeParameters.DecoderNorm, x.narrow(1, 1, Shape.Patches));
        return _transformer.Linear(weights, MaeParameters.DecoderPrediction, x);
    }

    private static Tensor PatchPositions(Weights weights)
    {
        var positions = weights[MaeParameters.Positions];
        return positions.narrow(1, 1, positions.shape[1] - 1).squeeze(0);
    }

    private Tensor EncodeTokens(Weights weights, Tensor tokens, long images) =>
        Transformer.Norm(weights, MaeParameters.EncoderNorm, EncodeBlocks(weights, tokens, images, keep: null));

    /// <param name="tokens">[N, T, D] or [N T, D], positions added.</param>
    private Tensor EncodeBlocks(Weights weights, Tensor tokens, long images, IReadOnlyList<Tensor>? keep)
    {
        // Row 0 of the position table is zero, but it is in the checkpoints, so a trained one would count.
        var cls = weights[MaeParameters.ClassToken].Plus(weights[MaeParameters.Positions].narrow(1, 0, 1));
        var x = cat([cls.expand(images, 1, Shape.Encoder.Width), tokens.view(images, -1, Shape.Encoder.Width)], 1);
        return _transformer.Blocks(weights, MaeParameters.EncoderBlocks, Shape.Encoder, x, keep);
    }
}
