using MaeLab.Domain.Recipes;
using MaeLab.Engine.Formats;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>
/// The encoder with a linear head, all of it trained, positions included. Every layer has a parameter store and an optimizer of its
/// own, for layer-wise decay gives each a learning rate of its own.
/// </summary>
public sealed class Classifier : IDisposable
{
    private const string Head = "head";
    private const string PooledNorm = "fc_norm";
    private const double HeadDeviation = 2e-5;

    /// <summary>As in MAE's fine-tuning; positions, cls token and one-dimensional tensors are not decayed.</summary>
    private static readonly AdamWSettings s_optimizer = new(WeightDecay: 0.05, Beta2: 0.999);

    private readonly Pooling _pooling;
    private readonly MaeShape _shape;
    private readonly List<(ParameterStore Parameters, AdamW Optimizer, double Scale)> _layers;

    /// <param name="encoder">First values of the encoder's parameters, row-major.</param>
    public Classifier(FineTunePlan plan, MaeShape shape, int classes, long seed, Device device, Func<ParameterSpec, float[]> encoder)
    {
        (_pooling, _shape) = (plan.Pooling, shape);
        var depth = shape.Encoder.Depth;
        _layers = [.. Parameters(shape, plan.Pooling, classes).GroupBy(parameter => LayerDecay.Layer(parameter.Name, depth)).Select(layer =>
        {
            var parameters = new ParameterStore([.. layer], device, First);
            return (parameters, new AdamW(parameters, s_optimizer), LayerDecay.Scale(plan.LayerDecay, layer.Key, depth));
        })];

        float[] First(ParameterSpec parameter) => parameter.Name switch
        {
            $"{Head}.weight" => ClassifierHead.Weight(classes, shape.Encoder.Width, HeadDeviation, seed),
            $"{Head}.bias" or $"{PooledNorm}.weight" or $"{PooledNorm}.bias" => Initialization.Values(parameter, shape, seed),
            _ => encoder(parameter),
        };
    }

    public Weights Weights(Precision precision) => Model.Weights.Union(_layers.Select(layer => layer.Parameters.Weights(precision)));

    /// <param name="keep">Factors of the blocks' branches, see <see cref="DropPath"/>.</param>
    /// <returns>[N, classes]</returns>
    public Tensor Logits(Mae model, Weights weights, Tensor images, IReadOnlyList<Tensor>? keep = null)
    {
        var tokens = model.EncodeAllBlocks(weights, images, keep);
        var pooled = _pooling switch
        {
            Pooling.Mean => Transformer.Norm(weights, PooledNorm, tokens.narrow(1, 1, _shape.Patches).mean([1])),
            Pooling.ClassToken => Transformer.Norm(weights, MaeParameters.EncoderNorm, tokens.select(1, 0)),
            _ => throw new InvalidOperationException($"Unknown pooling {_pooling}."),
        };
        return Transformer.Linear(weights, Head, pooled);
    }

    public void ForgetGradients()
    {
        foreach (var layer in _layers)
        {
            layer.Parameters.Flat.grad = null;
        }
    }

    /// <summary>Whether the backward pass gave numbers: from a loss that is one it need not.</summary>
    public bool HasFiniteGradients => _layers.All(layer => layer.Parameters.Flat.grad is { } gradient && gradient.AreAllFinite());

    /// <param name="step">Steps including this one, from 1.</param>
    public void Step(double learningRate, long step)
    {
        foreach (var (parameters, optimizer, scale) in _layers)
        {
            optimizer.Step(parameters.Flat.grad ?? throw new InvalidOperationException("The backward pass left no gradient."), learningRate * scale, step);
        }
    }

    /// <summary>All that it has learnt, moments included.</summary>
    internal IEnumerable<TensorSlot> State => _layers.SelectMany(layer => Checkpoint.Slots(layer.Parameters, layer.Optimizer));

    public void Dispose()
    {
        foreach (var (parameters, optimizer, _) in _layers)
        {
            optimizer.Dispose();
            parameters.Dispose();
        }
    }

    private static IEnumerable<ParameterSpec> Parameters(MaeShape shape, Pooling pooling, int classes)
    {
        long width = shape.Encoder.Width;
        var encoder = MaeParameters.OfEncoder(shape).Select(parameter => parameter.Name switch
        {
            MaeParameters.ClassToken or MaeParameters.Positions => parameter with { Trainable = true, Decays = false },
            _ => parameter,
        });
        if (pooling == Pooling.Mean)
        {
            // The norm of the mean takes the place of the encoder's.
            encoder = encoder.Where(parameter => !parameter.Name.StartsWith($"{MaeParameters.EncoderNorm}.", StringComparison.Ordinal))
                .Concat([new($"{PooledNorm}.weight", [width], InitialValue.One), new($"{PooledNorm}.bias", [width], InitialValue.Zero)]);
        }

        return encoder.Concat([new($"{Head}.weight", [classes, width], InitialValue.SmallNormal), new($"{Head}.bias", [classes], InitialValue.Zero)]);
    }
}
