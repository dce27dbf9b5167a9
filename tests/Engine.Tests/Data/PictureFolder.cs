using MaeLab.Engine.Data;
using SkiaSharp;

namespace MaeLab.Engine.Tests.Data;

/// <summary>A folder of made-up images of one test, and a folder beside it for a cache; gone when disposed.</summary>
internal sealed class PictureFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("maelab-pictures-").FullName;

    public string Root => Path.Combine(_path, "pictures");

    public string CacheFolder => Path.Combine(_path, "cache");

    public IReadOnlyDictionary<string, string> Folders => new Dictionary<string, string> { ["pictures"] = Root };

    public IReadOnlyList<string> CacheFiles => Directory.Exists(CacheFolder) ? [.. Directory.GetFiles(CacheFolder).Order(StringComparer.Ordinal)] : [];

    /// <param name="path">Below the root, with the extension of its format.</param>
    /// <returns>Where it lies, and its pixels [3, height, width].</returns>
    public (string Path, byte[] Pixels) Add(string path, int width, int height, int seed = 0, SKAlphaType alpha = SKAlphaType.Opaque)
    {
        var random = CounterRandom.Of(seed, RandomPurpose.Weights);
        var interleaved = new byte[4 * width * height];
        var pixels = new byte[3 * width * height];
        for (var n = 0; n < width * height; n++)
        {
            // A coarse pattern: noise would tell nothing of JPEG.
            int x = n % width, y = n / width;
            var color = random.Bits((y / 8 * 1000) + (x / 8));
            for (var channel = 0; channel < 3; channel++)
            {
                interleaved[(4 * n) + channel] = pixels[(channel * width * height) + n] = (byte)(color >> (8 * channel));
            }

            interleaved[(4 * n) + 3] = alpha == SKAlphaType.Opaque ? byte.MaxValue : (byte)100;
        }

        var format = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => SKEncodedImageFormat.Png,
            ".webp" => SKEncodedImageFormat.Webp,
            _ => SKEncodedImageFormat.Jpeg,
        };
        using var image = SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Rgba8888, alpha), interleaved);
        using var encoded = image.Encode(format, 95);
        return (AddFile(path, encoded.ToArray()), pixels);
    }

    public string AddFile(string path, byte[] content)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, content);
        return full;
    }

    public Dataset Open(int? limit = null) => new DatasetLocator(Folders).Open("pictures", limit);

    public Dataset OpenCached(long maxBytes = 1 << 30) => OpenCached(new ImageCache(CacheFolder, maxBytes), TestContext.Current.CancellationToken);

    public Dataset OpenCached(ImageCache cache, CancellationToken cancellationToken) =>
        new DatasetLocator(Folders).Find("pictures").Open(null, cache, new Engine.Training.NoSink(), cancellationToken);

    public static byte[][] Pixels(ImageSet set)
    {
        var decoder = new ImageDecoder();
        return [.. Enumerable.Range(0, set.Count).Select(image => set.Image(image, decoder).Pixels.ToArray())];
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
