namespace MaeLab.Domain.Recipes;

/// <summary>Which theory probes an evaluation makes.</summary>
public enum TheoryProbes
{
    Off,

    /// <summary>Those that take less than a twentieth of the training time.</summary>
    Cheap,
}
