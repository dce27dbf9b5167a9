using MaeLab.Domain.Recipes;
using MaeLab.Engine.Formats;
using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>
/// The linear classifier of MAE's linear probing (Table 10): batch normalisation without affine part, then a linear layer under cross
/// entropy, by LARS. The features are frozen, so its gradient is written down instead of derived.
/// </summary>
public sealed class LarsProbe : IDisposable
{
    private const double HeadDeviation = 0.01;
    private const int PaperBatch = 16_384;

    /// <summary>1,281,167 images in batches of 16,384.</summary>
    private const int PaperStepsPerEpoch = 78;

    /// <summary>Fewer make no mean and variance to normalise by.</summary>
    private const int LeastBatch = 32;

    private readonly BatchNormalization _norm;
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly Lars _optimizer;

    /// <summary>The paper's batch on ImageNet, as a share of the training set: as many steps an epoch as there.</summary>
    public static int BatchSize(int images) => Math.Clamp(images / PaperStepsPerEpoch, Math.Min(LeastBatch, images), PaperBatch);

    /// <summary>
    /// The paper's, with its rate of the paper's batch (6.4) whatever the batch is. A step of LARS moves the weights by a share of
    /// their norm that follows from the rate alone, and starts from next to nothing; with as many steps as the paper's at a rate shrunk
    /// to a batch of 100 they would go 1 % of the way.
    /// </summary>
    public static LearningRateSchedule Schedule(LarsProbePlan plan) =>
        new(plan.BaseLearningRate * PaperBatch / 256, Min: 0, plan.Epochs, plan.Epochs / 9.0);

    /// <summary>What it makes belongs to the caller's dispose scope.</summary>
    public LarsProbe(int width, int classes, long seed, Device device)
    {
        _norm = new(width, device);
        _weight = tensor(ClassifierHead.Weight(classes, width, HeadDeviation, seed), [classes, width], device: device);
        _bias = zeros(classes, device: device);
        _optimizer = new([_weight, _bias]);
    }

    /// <summary>[classes, D], the caller's to leave alone.</summary>
    public Tensor Weight => _weight;

    /// <summary>All that it has learnt, momenta included.</summary>
    internal IEnumerable<TensorSlot> State =>
    [
        Slot("head.weight", _weight), Slot("head.bias", _bias),
        Slot("norm.running_mean", _norm.RunningMean), Slot("norm.running_var", _norm.RunningVariance),
        Slot("optim.momentum.head.weight", _optimizer.Momenta[0]), Slot("optim.momentum.head.bias", _optimizer.Momenta[1]),
    ];

    /// <param name="features">[n, D]</param>
    /// <param name="labels">[n] int64</param>
    public void Step(Tensor features, Tensor labels, double learningRate)
    {
        using var free = no_grad();
        using var scope = NewDisposeScope();
        var inputs = _norm.Train(features);
        var targets = nn.functional.one_hot(labels, _weight.shape[0]).to(ScalarType.Float32);
        var slope = (Logits(inputs).softmax(1) - targets).Times(1.0 / features.shape[0]);
        _optimizer.Step([slope.t().matmul(inputs), slope.sum(0)], learningRate);
    }

    /// <returns>[n] class of every row of features.</returns>
    public long[] Predict(Tensor features)
    {
        using var free = no_grad();
        using var scope = NewDisposeScope();
        return Logits(_norm.Apply(features)).argmax(1).cpu().data<long>().ToArray();
    }

    public void Dispose() => _norm.Dispose();

    private static TensorSlot Slot(string name, Tensor tensor) => new(name, tensor.shape, tensor.alias);

    private Tensor Logits(Tensor inputs) => nn.functional.linear(inputs, _weight, _bias);
}
