namespace MaeLab.System.Tests.Faults;

/// <summary>
/// Six runs of a few seconds each, with many moments for a fault to strike at: 320 points a series (160 where gradients are accumulated),
/// ten checkpoints, five evaluations. Beside the baseline each trains in one other way: in bfloat16, with crops of either kind, over two batches
/// a step, with another mask ratio.
/// </summary>
internal static class SixRuns
{
    public const int KeptCheckpoints = 2;

    public static object Definition(string name) => new
    {
        name,
        preset = "nano",
        @base = new
        {
            dataset = new { name = "fashion-mnist-sample", limit = 512 },
            patchSize = 7,
            batchSize = 16,
            accumulation = 1,
            maskRatio = 0.75,
            precision = "fp32",
            augmentation = "none",
            epochs = 10,
            encoder = new { width = 32, depth = 2, heads = 2 },
            decoder = new { width = 32, depth = 1, heads = 2 },
            evaluation = new { linearProbe = true, reconstructions = 2, everyEpochs = 2, knn = 5 },
            checkpoints = new { everyEpochs = 1, keepLast = KeptCheckpoints },
        },
        design = "star",
        axes = new
        {
            precision = new[] { "fp32", "bf16" },
            augmentation = new[] { "none", "fixedCrop", "randomCrop" },
            accumulation = new[] { 1, 2 },
            maskRatio = new[] { 0.75, 0.5 },
        },
    };
}
