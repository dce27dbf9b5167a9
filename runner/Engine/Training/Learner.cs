using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Training;

/// <param name="Loss">Reconstruction loss, mean over the accumulated batches; without the uniformity term, so that runs with and without it compare.</param>
/// <param name="Uniformity">The uniformity term before its weight; 0 where the recipe has none.</param>
/// <param name="GradientNorm">Global norm before clipping.</param>
public readonly record struct StepResult(double Loss, double Uniformity, double GradientNorm)
{
    public bool IsFinite => double.IsFinite(Loss) && double.IsFinite(Uniformity) && double.IsFinite(GradientNorm);
}

/// <summary>Model, parameters and optimizer of one run, and the step that joins them.</summary>
public sealed class Learner : IDisposable
{
    private readonly Recipe _recipe;

    /// <param name="pca">Of the training images' patches; null where it is not the target.</param>
    public Learner(Recipe recipe, int channels, Device device, PatchPca? pca)
        : this(recipe, MaeShape.Of(recipe, channels), new AdamWSettings(recipe.WeightDecay), device,
            parameter => pca?.Values(parameter) ?? Initialization.Values(parameter, MaeShape.Of(recipe, channels), recipe.Seed))
    {
    }

    /// <param name="values">First values of a parameter, row-major.</param>
    internal Learner(Recipe recipe, MaeShape shape, AdamWSettings settings, Device device, Func<ParameterSpec, float[]> values)
    {
        _recipe = recipe;
        Model = new Mae(shape);
        Parameters = new ParameterStore(MaeParameters.Of(shape), device, values);
        Optimizer = new AdamW(Parameters, settings);
    }

    public Mae Model { get; }

    public ParameterStore Parameters { get; }

    public AdamW Optimizer { get; }

    /// <summary>Whether weights and moments are numbers. Losses tell of the step before only.</summary>
    public bool IsFinite => Parameters.Flat.AreAllFinite() && Optimizer.Mean.AreAllFinite() && Optimizer.Square.AreAllFinite();

    /// <summary>One optimizer step over the batches of an effective batch. Nothing is changed where the result is not finite.</summary>
    /// <param name="next">Gives the next batch; called once per accumulated batch.</param>
    /// <param name="step">Steps including this one, from 1.</param>
    /// <param name="interruption">Asked before every forward and every backward pass; a step that it ends is as if it had not begun.</param>
    /// <exception cref="StoppedMidwayException">The run was told to stop.</exception>
    public StepResult Step(
        Func<Batch<MaskPlan>> next, Action<Batch<MaskPlan>> done, double learningRate, long step, Interruption? interruption = null)
    {
        using var scope = NewDisposeScope();
        Parameters.Flat.grad = null;
        var totals = zeros(2, device: Parameters.Device);
        for (var part = 0; part < _recipe.Accumulation; part++)
        {
            interruption?.Check();
            var batch = next();
            using var ofPart = NewDisposeScope();
            var (loss, uniformity) = Loss(batch);
            interruption?.Check();
            loss.Plus(uniformity.Times(_recipe.Uniformity ?? 0)).Times(1.0 / _recipe.Accumulation).backward();
            totals.PlusInPlace(stack([loss.detach(), uniformity.detach()]), 1.0 / _recipe.Accumulation);
            done(batch);
        }

        var gradient = Parameters.Flat.grad ?? throw new InvalidOperationException("The backward pass left no gradient.");
        var norm = gradient.norm();

        // The one point of a step where the processor waits for the device.
        var values = cat([totals, norm.view(1)]).cpu().data<float>();
        var result = new StepResult(values[0], values[1], values[2]);
        if (result.IsFinite)
        {
            if (_recipe.ClipNorm is { } limit && result.GradientNorm > limit)
            {
                gradient.TimesInPlace(limit / result.GradientNorm);
            }

            Optimizer.Step(gradient, learningRate, step);
        }

        return result;
    }

    public void Dispose()
    {
        Optimizer.Dispose();
        Parameters.Dispose();
    }

    private (Tensor Loss, Tensor Uniformity) Loss(Batch<MaskPlan> batch)
    {
        var shape = Model.Shape;
        var images = tensor(batch.Pixels, [batch.Plan.Images, shape.Channels, shape.ImageSize, shape.ImageSize], device: Parameters.Device);
        var mask = Mask.Of(batch.Plan, Parameters.Device);
        var weights = Parameters.Weights(_recipe.Precision);
        var latent = Model.Encode(weights, images, mask);
        var prediction = Model.Decode(weights, latent, mask);
        return (
            Losses.Reconstruction(prediction, Losses.Target(weights, images, shape, _recipe.Target), mask),
            _recipe.Uniformity is null ? zeros([], device: Parameters.Device) : Losses.Uniformity(latent));
    }
}
