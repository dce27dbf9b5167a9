namespace MaeLab.Engine.Evaluation;

/// <summary>
/// Where level and contrast of a removed patch come from when a run learnt normalised pixels, only the shape of patches; for other
/// targets it makes no difference.
/// </summary>
internal enum PatchLevels
{
    /// <summary>From the true patch, as in the MAE paper's figures: good to look at, but it is told what other targets must guess.</summary>
    True,

    /// <summary>From the visible patches by <see cref="InverseDistance"/>: no run is told anything of what it is to guess.</summary>
    Interpolated,
}
