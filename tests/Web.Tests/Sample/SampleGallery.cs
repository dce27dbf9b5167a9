using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Storage.Model;

namespace MaeLab.Web.Tests.Sample;

/// <summary>Garment-like shapes, masked and "reconstructed" with a given blur.</summary>
internal static class SampleGallery
{
    private const int Size = 28;
    private const int Pictures = 8;

    /// <param name="first">The run's first evaluation, with which what does not change is stored.</param>
    public static List<ImageRow> Images(Guid runId, Recipe recipe, long step, double error, bool first)
    {
        var images = new List<ImageRow>();
        for (var picture = 0; picture < Pictures; picture++)
        {
            var original = Draw(picture);
            var guess = Guess(recipe, picture, error);
            var seen = Visible(recipe, picture);
            double[] Choose(Func<int, double> pick) => [.. Enumerable.Range(0, Size * Size).Select(pick)];
            if (first)
            {
                Add(ImageKinds.Original, original);
                Add(ImageKinds.Masked, Choose(i => seen.Contains(PatchOf(recipe, i)) ? original[i] : 0.5));
            }

            Add(ImageKinds.Reconstruction, guess);
            Add(ImageKinds.VisiblePasted, Choose(i => seen.Contains(PatchOf(recipe, i)) ? original[i] : guess[i]));

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

    /// <summary>Errors of these pictures by patch, and a shared evaluation that goes with them.</summary>
    public static IReadOnlyList<ProbeResultRow> Results(Guid runId, Recipe recipe, long step, double error)
    {
        var errors = new PatchErrors(recipe.PatchSize, recipe.Grid(), [.. Enumerable.Range(0, Pictures).Select(picture => Errors(recipe, picture, error))]);
        var mean = Enumerable.Range(0, Pictures).SelectMany(errors.Removed).Average(patch => patch.Error!.Value);
        return
        [
            Result(SeriesNames.ReconstructionError, mean, new ReconstructionDetails(512, recipe.MaskRatio) { Gallery = errors }),
            Result(SeriesNames.SharedPixelError, mean * 1.1, new { Images = 512, MaskRatio = 0.75 }),
            Result(SeriesNames.SharedSkill, 1 - (mean * 1.1 / 0.09), new { Images = 512, MaskRatio = 0.75 }),
        ];

        ProbeResultRow Result<T>(string series, double value, T details) => SampleResult.Of(runId, step, series, value, details);
    }

    private static ImageErrors Errors(Recipe recipe, int picture, double error)
    {
        var (original, guess) = (Draw(picture), Guess(recipe, picture, error));
        var patches = Enumerable.Range(0, Size * Size).GroupBy(i => PatchOf(recipe, i)).OrderBy(patch => patch.Key);
        return new(
            [.. patches.Select(patch => (double?)Math.Round(patch.Average(i => Math.Pow(original[i] - guess[i], 2)), 6))],
            [.. Visible(recipe, picture).Order()]);
    }

    /// <summary>Worse far from the patches that were seen.</summary>
    private static double[] Guess(Recipe recipe, int picture, double error)
    {
        var (original, seen) = (Draw(picture), Visible(recipe, picture));
        var random = new Random((1000 * (int)recipe.Seed) + picture);
        var grid = recipe.Grid();
        return [.. original.Select((value, i) =>
        {
            var patch = PatchOf(recipe, i);
            var distance = seen.Min(other => Math.Max(Math.Abs((patch / grid) - (other / grid)), Math.Abs((patch % grid) - (other % grid))));
            var blur = Math.Min(1, error * (0.4 + (0.45 * distance)));
            return (value * (1 - blur)) + (blur * random.NextDouble() * 0.8);
        })];
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

    private static HashSet<int> Visible(Recipe recipe, int picture)
    {
        var patches = Enumerable.Range(0, recipe.Patches()).ToArray();
        new Random(picture + 100).Shuffle(patches);
        return [.. patches[..recipe.VisiblePatches()]];
    }

    private static int PatchOf(Recipe recipe, int pixel) => (pixel / Size / recipe.PatchSize * recipe.Grid()) + (pixel % Size / recipe.PatchSize);
}
