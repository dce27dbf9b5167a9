namespace MaeLab.Domain.Recipes;

/// <summary>What a fine-tuned classifier reads of the encoder's tokens.</summary>
public enum Pooling
{
    /// <summary>The mean of the patch tokens, with a norm of its own.</summary>
    Mean,

    /// <summary>The cls token after the encoder's norm.</summary>
    ClassToken,
}
