using static TorchSharp.torch;

namespace MaeLab.Engine.Model;

/// <summary>
/// The masked autoencoder of He et al. 2021: the forward passes, without state; the parameters come in as <see cref="Weights"/>.
/// Shapes: N images, L patches of P values, K of them visible, encoder width D, decoder width E.
/// Intermediate tensors belong to the caller's dispose scope.
/// </summary>
public sealed class Mae(MaeShape shape)
{
    public MaeShape Shape { get; } = shape;

    /// <summary>The encoder on the visible patches; with encoder mask tokens on all of them, every removed one a mask token.</summary>
    /// <param name="images">[N, C, S, S], normalised.</param>
    /// <param name="trace">Of the encoder's blocks.</param>
    /// <returns>[N, K + 1, D] after the final norm, with encoder mask tokens [N, L + 1, D]; token 0 is cls.</returns>
    public Tensor Encode(Weights weights, Tensor images, Mask mask, BlockTrace? trace = null)
    {
        // Every patch is embedded by itself, so it is enough to embed the visible ones.
        var visible = Patches.ForEmbedding(images, Shape).view(-1, Shape.PatchValues).index_select(0, mask.VisibleRows);
        var tokens = Transformer.Linear(weights, MaeParameters.PatchEmbedding, visible);
        var placed = Shape.EncoderMaskTokens
            ? WithMaskTokens(weights[MaeParameters.EncoderMaskToken], tokens, mask).Plus(PatchPositions(weights))
            : tokens.Plus(PatchPositions(weights).index_select(0, mask.VisiblePatches));
        return Transformer.Norm(weights, MaeParameters.EncoderNorm, EncodeBlocks(weights, placed, images.shape[0], keep: null, trace));
    }

    /// <summary>The encoder on all patches: features of unmasked images.</summary>
    /// <param name="trace">Of the encoder's blocks.</param>
    /// <returns>[N, L + 1, D] after the final norm; token 0 is cls.</returns>
    public Tensor EncodeAll(Weights weights, Tensor images, BlockTrace? trace = null) =>
        Transformer.Norm(weights, MaeParameters.EncoderNorm, EncodeAllBlocks(weights, images, keep: null, trace));

    /// <summary>The encoder on all patches up to its last block, as a classifier that is fine-tuned takes it.</summary>
    /// <param name="keep">Factors of the blocks' branches, see <see cref="Transformer.Blocks"/>.</param>
    /// <returns>[N, L + 1, D]; token 0 is cls.</returns>
    internal Tensor EncodeAllBlocks(Weights weights, Tensor images, IReadOnlyList<Tensor>? keep = null, BlockTrace? trace = null)
    {
        var tokens = Transformer.Linear(weights, MaeParameters.PatchEmbedding, Patches.ForEmbedding(images, Shape)).Plus(PatchPositions(weights));
        return EncodeBlocks(weights, tokens, images.shape[0], keep, trace);
    }

    /// <param name="latent">As <see cref="Encode"/> returns it.</param>
    /// <param name="trace">Of the decoder's blocks.</param>
    /// <returns>[N, L, values of the target], a prediction for every patch.</returns>
    public Tensor Decode(Weights weights, Tensor latent, Mask mask, BlockTrace? trace = null)
    {
        var tokens = Transformer.Linear(weights, MaeParameters.DecoderEmbed, latent);
        if (!Shape.EncoderMaskTokens)
        {
            var visible = tokens.narrow(1, 1, mask.Plan.Visible).reshape(-1, Shape.Decoder.Width);
            tokens = cat([tokens.narrow(1, 0, 1), WithMaskTokens(weights[MaeParameters.MaskToken], visible, mask)], 1);
        }

        var x = tokens.Plus(weights[MaeParameters.DecoderPositions]);
        x = Transformer.Blocks(weights, MaeParameters.DecoderBlocks, Shape.Decoder, x, trace: trace);
        x = Transformer.Norm(weights, MaeParameters.DecoderNorm, x.narrow(1, 1, Shape.Patches));
        return Transformer.Linear(weights, MaeParameters.DecoderPrediction, x);
    }

    /// <summary>Mask tokens, the visible ones put back where they came from. Positions, added later, are all a mask token has.</summary>
    /// <param name="maskToken">[1, 1, w]</param>
    /// <param name="visible">[N K, w]</param>
    /// <returns>[N, L, w]</returns>
    private Tensor WithMaskTokens(Tensor maskToken, Tensor visible, Mask mask)
    {
        long images = mask.Plan.Images, width = visible.shape[^1];
        return maskToken.view(1, width).expand(images * Shape.Patches, width).index_copy(0, mask.VisibleRows, visible)
            .view(images, Shape.Patches, width);
    }

    private static Tensor PatchPositions(Weights weights)
    {
        var positions = weights[MaeParameters.Positions];
        return positions.narrow(1, 1, positions.shape[1] - 1).squeeze(0);
    }

    /// <param name="tokens">[N, T, D] or [N T, D], positions added.</param>
    private Tensor EncodeBlocks(Weights weights, Tensor tokens, long images, IReadOnlyList<Tensor>? keep, BlockTrace? trace)
    {
        // Row 0 of the position table is zero, but it is in the checkpoints, so a trained one would count.
        var cls = weights[MaeParameters.ClassToken].Plus(weights[MaeParameters.Positions].narrow(1, 0, 1));
        var x = cat([cls.expand(images, 1, Shape.Encoder.Width), tokens.view(images, -1, Shape.Encoder.Width)], 1);
        return Transformer.Blocks(weights, MaeParameters.EncoderBlocks, Shape.Encoder, x, keep, trace);
    }
}
