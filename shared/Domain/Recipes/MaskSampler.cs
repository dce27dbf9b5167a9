namespace MaeLab.Domain.Recipes;

/// <summary>How the removed patches are chosen (MAE paper, Table 1f).</summary>
public enum MaskSampler
{
    Random,
    Block,
    Grid,
}
