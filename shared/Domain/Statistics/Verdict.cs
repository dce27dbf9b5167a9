namespace MaeLab.Domain.Statistics;

/// <summary>What a comparison allows to say.</summary>
public enum Verdict
{
    /// <summary>So few pairs that no differences, however large, could have told the two apart.</summary>
    NotEnoughSeeds,

    /// <summary>The seeds do not tell the two apart; which does not show that they are equal.</summary>
    NoDifferenceShown,

    Higher,
    Lower,
}
