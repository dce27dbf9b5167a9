namespace MaeLab.Domain.Recipes;

/// <param name="Width">Token width; divisible by 4 (sin-cos positions) and by <paramref name="Heads"/>.</param>
/// <param name="Depth">Number of blocks.</param>
public sealed record TransformerShape(int Width, int Depth, int Heads);
