using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Training;
using SkiaSharp;

namespace MaeLab.Benchmarks;

/// <summary>The share of a step that the training thread waits for its images: photographs as JPEG files, decoded once into a cache or as they are used.</summary>
public static class FeedBenchmark
{
    private const string Photos = "photos";
    private const int TrainImages = 512;
    private const int ProbeImages = 128;
    private const int Epochs = 4;

    /// <summary>As most of ImageNet's.</summary>
    private static readonly SKImageInfo s_size = new(500, 375);

    private static readonly Recipe s_small = Presets.Find("nano")! with
    {
        Dataset = new(Photos),
        Augmentation = Augmentation.RandomCrop,
        ImageSize = 32,
        PatchSize = 4,
        BatchSize = 64,
        Epochs = Epochs,
        WarmupEpochs = 1,
        Evaluation = EvaluationPlan.None with { LinearProbe = true },
    };

    private static readonly (string Name, Recipe Recipe)[] s_recipes =
    [
        ("nano at 32/4", s_small),
        ("width 192 at 224/16", s_small with { ImageSize = 224, PatchSize = 16, BatchSize = 32, Encoder = new(192, 12, 3), Decoder = new(96, 2, 3) }),
    ];

    public static Task RunAsync(CancellationToken cancellationToken)
    {
        var root = Directory.CreateTempSubdirectory("maelab-feed-").FullName;
        try
        {
            var folders = new Dictionary<string, string> { [Photos] = Draw(Path.Combine(root, Photos)) };
            foreach (var (name, recipe) in s_recipes)
            {
                var cache = new ImageCache(Path.Combine(root, "cache"), 1L << 32);
                Measure($"{name}, streamed", new(recipe, Restore: null, folders, Threads: 0), cancellationToken);
                Measure($"{name}, cached", new(recipe, Restore: null, folders, Threads: 0, cache), cancellationToken);
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        return Task.CompletedTask;
    }

    private static void Measure(string name, TrainingJob job, CancellationToken cancellationToken)
    {
        var waits = new Waits();
        Trainer.Run(job, waits, cancellationToken);

        // The first step waits for the first batch, whatever comes after.
        var shares = waits.Shares.Skip(1).Order().ToList();
        Console.WriteLine(FormattableString.Invariant($"{name}: waiting for data {shares[shares.Count / 2]:P3} in the median, {shares[^1]:P2} at most, of {shares.Count} steps. {waits.Evaluated}"));
    }

    /// <summary>Smooth colours under noise: JPEG files of some 100 kB.</summary>
    private static string Draw(string folder)
    {
        var random = new Random(7);
        using var bitmap = new SKBitmap(s_size);
        for (var number = 0; number < TrainImages + ProbeImages; number++)
        {
            var pixels = bitmap.GetPixelSpan();
            for (var at = 0; at < pixels.Length; at++)
            {
                pixels[at] = (byte)(((at / (number + 50)) & 127) + random.Next(100));
            }

            var path = Path.Combine(folder, number < TrainImages ? "train" : "val", $"class{number % 2}", $"{number:D4}.jpg");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, quality: 90);
            File.WriteAllBytes(path, jpeg.ToArray());
        }

        return folder;
    }

    private sealed class Waits : NoSink
    {
        public List<double> Shares { get; } = [];

        public string? Evaluated { get; private set; }

        public override void Record(MetricPoint point)
        {
            if (point.Series == SeriesNames.DataWait)
            {
                Shares.Add(point.Value);
            }
        }

        public override void Log(LogSeverity severity, string text) => Evaluated = text.StartsWith("Evaluated", StringComparison.Ordinal) ? text : Evaluated;
    }
}
