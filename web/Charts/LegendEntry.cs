namespace MaeLab.Web.Charts;

/// <summary>What a colour or a dash pattern means.</summary>
/// <param name="Color">CSS, see <see cref="ChartColors"/>; <see cref="TextColor"/> where only the dash counts.</param>
/// <param name="Dash">See <see cref="ChartDashes"/>; 0: solid.</param>
public sealed record LegendEntry(string Label, string Color, int Dash = 0)
{
    public const string TextColor = "var(--text)";
}
