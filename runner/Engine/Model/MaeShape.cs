using MaeLab.Domain.Recipes;

namespace MaeLab.Engine.Model;

/// <summary>The sizes of one masked autoencoder. Letters as in the docs: S image, p patch, g grid, L patches, P values a patch.</summary>
public sealed record MaeShape(int ImageSize, int Channels, int PatchSize, TransformerShape Encoder, TransformerShape Decoder)
{
    /// <summary>Width of the hidden layer of a block over its own; 4 in all presets, others occur in reference files.</summary>
    public double MlpRatio { get; init; } = 4;

    /// <summary>True: the encoder processes all L tokens, a mask token standing for every removed one; false: the K visible ones.</summary>
    public bool EncoderMaskTokens { get; init; }

    /// <summary>Principal components of the patches that are the target; null: the P values of a patch.</summary>
    public int? PcaComponents { get; init; }

    /// <summary>g = S / p.</summary>
    public int Grid => ImageSize / PatchSize;

    /// <summary>L = g^2.</summary>
    public int Patches => Grid * Grid;

    /// <summary>P = C p^2.</summary>
    public int PatchValues => Channels * PatchSize * PatchSize;

    /// <summary>Values the decoder predicts for a patch.</summary>
    public int TargetValues => PcaComponents ?? PatchValues;

    public static MaeShape Of(Recipe recipe, int channels) => new(recipe.ImageSize, channels, recipe.PatchSize, recipe.Encoder, recipe.Decoder)
    {
        EncoderMaskTokens = recipe.EncoderMaskTokens,
        PcaComponents = recipe.Target == ReconstructionTarget.Pca ? recipe.TargetValues(channels) : null,
    };
}
