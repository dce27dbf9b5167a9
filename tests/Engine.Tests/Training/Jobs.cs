using MaeLab.Domain.Recipes;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Tests.Training;

/// <summary>Runs small enough for tests.</summary>
internal static class Jobs
{
    /// <summary>A model of some 30,000 parameters on 320 images: 10 steps an epoch, a step takes milliseconds.</summary>
    public static Recipe Small { get; } = Presets.Find(Presets.Default)! with
    {
        Dataset = new(Datasets.FashionMnistSample.Name, 320),
        Encoder = new(32, 2, 2),
        Decoder = new(16, 1, 2),
        BatchSize = 32,
        Epochs = 3,
        Evaluation = EvaluationPlan.None,
        Checkpoints = new(EveryEpochs: 0, KeepLast: 1),
        Device = ComputeDevice.Cpu,
    };

    public static TrainingOutcome Run(Recipe recipe, ITrainingSink sink, byte[]? checkpoint = null, byte[]? state = null) =>
        Trainer.Run(
            new(recipe, checkpoint is null ? null : () => new MemoryStream(checkpoint), new Dictionary<string, string>(), Threads: 1,
                RestoreEvaluation: state is null ? null : () => new MemoryStream(state)),
            sink, TestContext.Current.CancellationToken);
}
