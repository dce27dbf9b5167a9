namespace MaeLab.Engine.Model;

/// <summary>How a parameter gets its first value.</summary>
public enum InitialValue
{
    Zero,
    One,

    /// <summary>Uniform within sqrt(6 / (fan in + fan out)); a weight of more than two dimensions counts as [first, rest].</summary>
    XavierUniform,

    /// <summary>Normal with standard deviation 0.02.</summary>
    SmallNormal,

    /// <summary>Uniform within 1 / sqrt(P): what PyTorch gives the bias of a convolution, which MAE leaves alone.</summary>
    ConvolutionBias,

    /// <summary>The sin-cos table; never trained.</summary>
    Positions,

    /// <summary>Principal components of the training images' patches, see <see cref="PatchPca"/>; never trained.</summary>
    PatchPca,
}

/// <param name="Name">Name in the public MAE checkpoints.</param>
public sealed record ParameterSpec(string Name, long[] Shape, InitialValue Initial)
{
    public long Count { get; } = Shape.Aggregate(1L, (count, size) => count * size);

    public bool Trainable { get; init; } = Initial is not (InitialValue.Positions or InitialValue.PatchPca);

    /// <summary>Weight decay reaches what is neither one-dimensional nor a bias; the cls and mask tokens [1, 1, w] are decayed.</summary>
    public bool Decays { get; init; } =
        Initial is not (InitialValue.Positions or InitialValue.PatchPca) && Shape.Length > 1 && !Name.EndsWith(".bias", StringComparison.Ordinal);

    /// <summary>Weight of a linear layer (or of the patch embedding, which is one).</summary>
    public bool IsMatrix => Shape.Length > 1 && Name.EndsWith(".weight", StringComparison.Ordinal);
}
