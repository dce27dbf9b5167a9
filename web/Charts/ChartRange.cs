namespace MaeLab.Web.Charts;

/// <summary>A stretch of one axis that a person marked, both ends inclusive; of words, their places among the categories.</summary>
/// <param name="Name">Of the axis's dimension.</param>
public sealed record ChartRange(string Name, double Low, double High)
{
    public bool Holds(double? value) => value >= Low && value <= High;
}
