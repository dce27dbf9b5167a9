using MaeLab.Domain.Recipes;

namespace MaeLab.Engine.Model;

/// <summary>The sizes of one masked autoencoder. Letters as in the docs: S image, p patch, g grid, L patches, P values a patch.</summary>
public sealed record MaeShape(int ImageSize, int Channels, int PatchSize, TransformerShape Encoder, TransformerShape Decoder)
{
    /// <summary>Width of the hidden layer of a block over its own; 4 in all presets, others occur in reference files.</summary>
    public double MlpRatio { get; init; } = 4;

    /// <summary>g = S / p.</summary>
    public int Grid => ImageSize / PatchSize;

    /// <summary>L = g^2.</summary>
    public int Patches => Grid * Grid;

    /// <summary>P = C p^2.</summary>
    public int PatchValues => Channels * PatchSize * PatchSize;

    public static MaeShape Of(Recipe recipe, int channels) =>
        new(recipe.ImageSize, channels, recipe.PatchSize, recipe.Encoder, recipe.Decoder);
}
