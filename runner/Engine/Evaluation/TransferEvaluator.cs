using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>
/// The evaluations that are trainings themselves: the paper's linear probe, fine-tuning, and the same fine-tuning from scratch. They
/// are made once, after a run's last step, on all training images, and leave its weights alone. Every result is given away as soon as it is
/// there, and after every epoch their state is saved (<see cref="TransferProgress"/>).
/// </summary>
public sealed class TransferEvaluator(Recipe recipe, Dataset dataset, ParameterStore parameters, ITrainingSink sink)
{
    private static readonly FineTuneName s_fineTuning = new("Fine-tuning", SeriesNames.FineTuneLoss, SeriesNames.FineTuneAccuracy);
    private static readonly FineTuneName s_scratch = new("Control from scratch", SeriesNames.ScratchLoss, SeriesNames.ScratchAccuracy);

    private readonly MaeShape _shape = MaeShape.Of(recipe, dataset.Channels);
    private readonly long _seed = (long)CounterRandom.Of(recipe.Seed, RandomPurpose.Transfer).Bits(0);

    /// <param name="step">The run's last step.</param>
    /// <param name="state">Opens the state that an earlier attempt saved; null: it saved none.</param>
    /// <exception cref="StoppedMidwayException">The run was told to stop.</exception>
    public void Evaluate(long step, CancellationToken cancellationToken, Func<Stream>? state = null)
    {
        var (lars, fineTune) = (recipe.Evaluation.LarsProbe.Epochs > 0, recipe.Evaluation.FineTune.Epochs > 0);
        if (!lars && !fineTune)
        {
            return;
        }

        var interruption = new Interruption(sink, recipe, dataset.Channels, cancellationToken);
        using var progress = new TransferProgress(recipe, parameters, step, sink, state);
        if (lars && !progress.IsOver(SeriesNames.LarsAccuracy))
        {
            var score = ProbeByLars(progress, interruption);
            progress.Record(new(SeriesNames.LarsAccuracy, step, score.Accuracy));
            progress.End(SeriesNames.LarsAccuracy, score);
        }

        if (fineTune)
        {
            FineTune(step, progress, interruption);
        }
    }

    private void FineTune(long step, TransferProgress progress, Interruption interruption)
    {
        var fineTuning = new FineTuning(recipe, dataset, parameters.Device, _seed, step, progress, interruption);
        if (!progress.IsOver(s_fineTuning.Accuracy))
        {
            progress.End(s_fineTuning.Accuracy, fineTuning.Run(s_fineTuning, Trained));
        }

        if (recipe.Evaluation.FineTune.ScratchControl && !progress.IsOver(s_scratch.Accuracy))
        {
            var control = fineTuning.Run(s_scratch, parameter => Initialization.Values(parameter, _shape, recipe.Seed));
            var gain = progress.Accuracy(s_fineTuning.Accuracy) - control?.Accuracy;
            progress.End(s_scratch.Accuracy, control is null ? null : control with { Details = control.Details with { PretrainingGain = gain } });
        }
    }

    private float[] Trained(ParameterSpec parameter)
    {
        using var scope = NewDisposeScope();
        return parameters[parameters.Parameters.Single(own => own.Name == parameter.Name)].cpu().contiguous().data<float>().ToArray();
    }

    private Score ProbeByLars(TransferProgress progress, Interruption interruption)
    {
        using var free = no_grad();
        using var scope = NewDisposeScope();
        var plan = recipe.Evaluation.LarsProbe;
        var loader = new ImageLoader(dataset, recipe.ImageSize);
        var extractor = new FeatureExtractor(new(_shape), loader, parameters.Device, interruption);
        var weights = parameters.Weights(Precision.Fp32);
        var labels = extractor.Labels(dataset.Train);
        var cached = plan.Augmentation ? null : extractor.Of(weights, dataset.Train);
        using var probe = new LarsProbe(_shape.Encoder.Width, dataset.Classes, _seed, parameters.Device);
        var batchSize = LarsProbe.BatchSize(dataset.Train.Count);
        var stepsPerEpoch = dataset.Train.Count / batchSize;
        var schedule = LarsProbe.Schedule(plan);
        var done = progress.Restore(SeriesNames.LarsAccuracy, probe.State);
        var batches = new BatchOrder(_seed, dataset.Train.Count, plan.Epochs, stepsPerEpoch, batchSize, interruption.BatchSize);
        using var feed = plan.Augmentation ? AugmentedFeed(batches, done, loader.ImageValues) : null;
        for (var epoch = done; epoch < plan.Epochs; epoch++)
        {
            if (epoch > done)
            {
                progress.EndEpoch(SeriesNames.LarsAccuracy, epoch, probe.State);
            }

            var order = EpochOrder.Of(_seed, epoch, dataset.Train.Count);
            for (var n = 0; n < stepsPerEpoch; n++)
            {
                interruption.Check();
                using var ofStep = NewDisposeScope();
                var images = order[(n * batchSize)..((n + 1) * batchSize)];
                var rows = tensor(images.Select(image => (long)image).ToArray(), device: parameters.Device);
                var features = feed is null ? cached!.index_select(0, rows) : extractor.Of(weights, feed, batchSize);
                probe.Step(features, labels.index_select(0, rows), schedule.At(epoch + ((double)n / stepsPerEpoch)));
            }
        }

        var score = new Scoring(dataset).Of(probe.Predict(extractor.Of(weights, dataset.Probe)), dataset.Train.Count);
        return score with { Details = score.Details with { Training = new(plan.Epochs, (long)plan.Epochs * stepsPerEpoch, batchSize, schedule.Peak) } };
    }

    /// <summary>The training images of every epoch as MAE's linear probing augments them, in the order of its steps.</summary>
    private BatchFeed<int> AugmentedFeed(BatchOrder batches, int firstEpoch, int imageValues)
    {
        return new(batches, imageValues, Writer, (_, images) => images.Count, firstEpoch * batches.BatchesPerEpoch);

        EpochImageWriter Writer()
        {
            var loader = new ImageLoader(dataset, recipe.ImageSize);
            return (image, epoch, result) => loader.ForProbe(image, _seed, epoch, result);
        }
    }
}
