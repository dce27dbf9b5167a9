namespace MaeLab.Domain.Recipes;

public enum Precision
{
    Fp32,

    /// <summary>Linear layers in bfloat16 over fp32 master weights; softmax, LayerNorm and loss stay in fp32.</summary>
    Bf16,
}
