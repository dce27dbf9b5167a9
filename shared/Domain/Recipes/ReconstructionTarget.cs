namespace MaeLab.Domain.Recipes;

/// <summary>What the decoder predicts (MAE paper, Table 1d).</summary>
public enum ReconstructionTarget
{
    Pixels,

    /// <summary>Pixels normalised by the mean and standard deviation of their own patch.</summary>
    NormalizedPixels,

    /// <summary>The patch's coefficients along the largest principal components of the training images' patches.</summary>
    Pca,
}
