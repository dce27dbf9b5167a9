namespace MaeLab.Web.Features.Experiment.Explore;

/// <summary>One of the parallel axes.</summary>
/// <param name="Name">Of its <see cref="Dimension"/>.</param>
/// <param name="Flipped">Large values at the bottom; in an address a minus before the name.</param>
public readonly record struct AxisChoice(string Name, bool Flipped)
{
    public static AxisChoice Parse(string text) => text.StartsWith('-') ? new(text[1..], true) : new(text, false);

    public override string ToString() => Flipped ? $"-{Name}" : Name;
}
