namespace MaeLab.Domain.Ablations;

public enum AblationDesign
{
    /// <summary>Every combination of levels.</summary>
    Grid,

    /// <summary>One factor at a time around the baseline, as in the MAE paper's Table 1.</summary>
    Star,
}
