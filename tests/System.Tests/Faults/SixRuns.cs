namespace MaeLab.System.Tests.Faults;

/// <summary>
/// Six runs of a few seconds each, with many moments for a fault to strike at: 320 points a series, ten checkpoints, five
/// evaluations.
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
            epochs = 10,
            encoder = new { width = 32, depth = 2, heads = 2 },
            decoder = new { width = 32, depth = 1, heads = 2 },
            evaluation = new { linearProbe = true, reconstructions = 2, everyEpochs = 2, knn = 5 },
            checkpoints = new { everyEpochs = 1, keepLast = KeptCheckpoints },
        },
        axes = new { maskRatio = new[] { 0.5, 0.75 }, seed = new[] { 0, 1, 2 } },
    };
}
