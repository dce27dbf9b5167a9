namespace MaeLab.System.Tests;

/// <summary>The smallest ablation that is one: two mask ratios by two patch sizes, on 1,024 real images.</summary>
public static class TwoByTwo
{
    public const int Images = 1024;
    public const int BatchSize = 128;
    public const int Epochs = 3;

    /// <summary>Optimizer steps of each run.</summary>
    public const int Steps = Images / BatchSize * Epochs;

    public static object Definition(string name) => new
    {
        name,
        preset = "nano",
        @base = new
        {
            dataset = new { name = "fashion-mnist-sample", limit = Images },
            batchSize = BatchSize,
            epochs = Epochs,
        },
        axes = new { maskRatio = new[] { 0.5, 0.75 }, patchSize = new[] { 4, 7 } },
    };
}
