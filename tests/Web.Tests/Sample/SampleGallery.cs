using MaeLab.Domain.Recipes;
using MaeLab.Storage.Model;

namespace MaeLab.Web.Tests.Sample;

/// <summary>Garment-like shapes, masked and "reconstructed" with a given blur.</summary>
internal static class SampleGallery
{
    private const int Size = 28;
    private const int Pictures = 8;

    public static List<ImageRow> Images(Guid runId, Recipe recipe, long step, double error)
    {
        var images = new List<ImageRow>();
        for (var picture = 0; picture < Pictures; picture++)
        {
            var original = Draw(picture);
            var hidden = Mask(recipe, picture);
            var random = new Random(picture);
            var guess = Array.ConvertAll(original, value => (value * (1 - error)) + (error * random.NextDouble() * 0.8));
            double[] Choose(Func<int, double> pick) => [.. Enumerable.Range(0, Size * Size).Select(pick)];
            Add("original", original);
            Add("masked", Choose(i => hidden[i] ? 0.5 : original[i]));
            Add("reconstruction", guess);
            Add("visible_pasted", Choose(i => hidden[i] ? guess[i] : original[i]));

            void Add(string kind, double[] pixels) => images.Add(new()
            {
                Id = Guid.CreateVersion7(),
                RunId = runId,
                Attempt = 1,
                Step = step,
                Kind = kind,
                GalleryIndex = picture,
                Width = Size,
                Height = Size,
                Png = SamplePng.Write(pixels, Size),
                CreatedAt = DateTimeOffset.UnixEpoch,
            });
        }

        return images;
    }

    private static double[] Draw(int picture)
    {
        var pixels = new double[Size * Size];
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                var (dx, dy) = (Math.Abs(x - 13.5), y - 13.5);
                var inside = (picture % 4) switch
                {
                    0 => (dx < 6 && y is > 3 and < 25) || (dx < 12 && y is > 3 and < 10), // shirt
                    1 => dx is > 1 and < 7 && y is > 2 and < 26, // trousers
                    2 => dx < 4 + (y * 0.28) && y is > 4 and < 25, // dress
                    _ => y > 14 + (dx * 0.2) && y < 22 && dx < 12, // shoe
                };
                pixels[(y * Size) + x] = inside ? 0.55 + (0.35 * Math.Sin((x * 0.5) + (dy * 0.3) + picture)) : 0.02;
            }
        }

        return pixels;
    }

    private static bool[] Mask(Recipe recipe, int picture)
    {
        var grid = recipe.Grid();
        var visible = Enumerable.Range(0, recipe.Patches()).ToArray();
        new Random(picture + 100).Shuffle(visible);
        var seen = visible[..recipe.VisiblePatches()].ToHashSet();
        return [.. Enumerable.Range(0, Size * Size).Select(i => !seen.Contains((i / Size / recipe.PatchSize * grid) + (i % Size / recipe.PatchSize)))];
    }
}
