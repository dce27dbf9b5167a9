using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>How one fine-tuning is called in the log, and the series it writes.</summary>
internal sealed record FineTuneName(string Title, string Loss, string Accuracy);

/// <summary>
/// Trains an encoder as a classifier (MAE paper, Table 9): AdamW with layer-wise decay, drop path, label smoothing, warm-up and
/// cosine, crops and flips; RandAugment, random erasing, mixup and CutMix where wanted.
/// </summary>
/// <param name="seed">Of all that is drawn; two fine-tunings of one seed see the same batches.</param>
/// <param name="firstStep">The run's last step, from which the series' steps count on.</param>
internal sealed class FineTuning(Recipe recipe, Dataset dataset, Device device, long seed, long firstStep, TransferProgress progress, Interruption interruption)
{
    private const double Smoothing = 0.1;
    private const double MinLearningRate = 1e-6;
    private const double MaxWarmup = 5;

    private readonly FineTunePlan _plan = recipe.Evaluation.FineTune;
    private readonly MaeShape _shape = MaeShape.Of(recipe, dataset.Channels);
    private readonly ImageLoader _loader = new(dataset, recipe.ImageSize);
    private readonly Scoring _scoring = new(dataset);

    private int BatchSize => Math.Min(_plan.BatchSize, dataset.Train.Count);

    private int StepsPerEpoch => dataset.Train.Count / BatchSize;

    private LearningRateSchedule Schedule =>
        new(_plan.BaseLearningRate * BatchSize / 256, MinLearningRate, _plan.Epochs, Math.Min(MaxWarmup, _plan.Epochs / 10.0));

    /// <summary>
    /// Images of one forward pass: as many as take the memory that pre-training's batch took, of which the encoder saw but the visible patches.
    /// </summary>
    private int PassSize
    {
        get
        {
            double encoder = recipe.Encoder.Width * recipe.Encoder.Depth, decoder = recipe.Decoder.Width * recipe.Decoder.Depth;
            double tokens = recipe.Patches() + 1;
            return (int)Math.Max(1, recipe.BatchSize * (((recipe.VisiblePatches() + 1) * encoder) + (tokens * decoder)) / (tokens * encoder));
        }
    }

    /// <param name="encoder">First values of the encoder's parameters, row-major.</param>
    /// <returns>The score after the last epoch; null where the training diverged, as the log then says.</returns>
    public Score? Run(FineTuneName name, Func<ParameterSpec, float[]> encoder)
    {
        using var scope = NewDisposeScope();
        using var classifier = new Classifier(_plan, _shape, dataset.Classes, seed, device, encoder);
        var done = progress.Restore(name.Accuracy, classifier.State);
        var batches = new BatchOrder(seed, dataset.Train.Count, _plan.Epochs, StepsPerEpoch, BatchSize, PassSize);
        using var feed = new BatchFeed<ArraySegment<int>>(batches, _loader.ImageValues, Writer, (_, images) => images, done * batches.BatchesPerEpoch);
        var model = new Mae(_shape);
        Score? score = null;
        var step = (long)done * StepsPerEpoch;
        for (var epoch = done; epoch < _plan.Epochs; epoch++)
        {
            if (epoch > done)
            {
                progress.EndEpoch(name.Accuracy, epoch, classifier.State);
            }

            var sum = 0.0;
            for (var stepOfEpoch = 0; stepOfEpoch < StepsPerEpoch; stepOfEpoch++)
            {
                var rate = Schedule.At((double)step / StepsPerEpoch);
                var (loss, isSound) = Step(classifier, model, feed, epoch, rate, ++step);
                progress.Record(new(name.Loss, firstStep + step, loss));
                if (!isSound)
                {
                    return Diverged(epoch, rate);
                }

                sum += loss;
            }

            score = Score(classifier);
            if (score is null)
            {
                return Diverged(epoch, Schedule.At((double)(step - 1) / StepsPerEpoch));
            }

            progress.Record(new(name.Accuracy, firstStep + step, score.Accuracy));
            progress.Log(LogSeverity.Info, FormattableString.Invariant(
                $"{name.Title}: epoch {epoch + 1} of {_plan.Epochs}, loss {sum / StepsPerEpoch:F4}, accuracy {score.Accuracy:P1}."));
        }

        return score! with { Details = score.Details with { Training = new(_plan.Epochs, step, BatchSize, Schedule.Peak) } };

        Score? Diverged(int epoch, double rate)
        {
            progress.Log(LogSeverity.Error, FormattableString.Invariant(
                $"{name.Title} diverged at its step {step} (epoch {epoch + 1}, learning rate {rate:G3}) and has no result: try a smaller evaluation.fineTune.baseLearningRate."));
            return null;
        }
    }

    /// <returns>The loss, mean over the batch, and whether it and its gradient are finite; where they are not nothing is changed.</returns>
    private (double Loss, bool IsSound) Step(Classifier classifier, Mae model, BatchFeed<ArraySegment<int>> feed, long epoch, double learningRate, long step)
    {
        using var scope = NewDisposeScope();
        classifier.ForgetGradients();
        var total = 0.0;
        for (var left = BatchSize; left > 0;)
        {
            interruption.Check();
            using var ofPart = NewDisposeScope();
            var batch = feed.Next(interruption.Token);
            int[] part = [.. batch.Plan];
            left -= part.Length;
            var mixing = _plan.Mixing ? Mixing.Of(CounterRandom.Of(seed, RandomPurpose.Mixing, epoch, part[0]), recipe.ImageSize) : null;
            var images = tensor(batch.Pixels, [part.Length, _shape.Channels, _shape.ImageSize, _shape.ImageSize], device: device);
            var keep = DropPath.Tensors(_plan.DropPath, _shape.Encoder.Depth, seed, epoch, part, device);
            var logits = classifier.Logits(model, classifier.Weights(recipe.Precision), mixing?.Mix(images) ?? images, keep);
            var loss = (logits.log_softmax(1) * Targets(part, mixing?.Share ?? 0)).sum().Times(-1.0 / BatchSize);
            loss.backward();
            total += loss.item<float>();
            feed.Return(batch);
        }

        var isSound = double.IsFinite(total) && classifier.HasFiniteGradients;
        if (isSound)
        {
            classifier.Step(learningRate, step);
        }

        return (total, isSound);
    }

    private EpochImageWriter Writer()
    {
        var loader = new ImageLoader(dataset, recipe.ImageSize);
        var randAugment = new RandAugment(_plan.RandAugment, dataset.Mean, dataset.Deviation, recipe.ImageSize);
        return (image, epoch, result) =>
        {
            loader.Augmented(image, _plan.Augmentation, seed, epoch, result);
            if (_plan.RandAugment > 0)
            {
                randAugment.Apply(result, CounterRandom.Of(seed, RandomPurpose.RandAugment, epoch, image));
            }

            RandomErasing.Apply(result, recipe.ImageSize, _plan.RandomErasing, CounterRandom.Of(seed, RandomPurpose.RandomErasing, epoch, image));
        };
    }

    /// <summary>Smoothed labels, mixed with those of the partners, which come from the batch's end.</summary>
    /// <returns>[N, classes], rows of sum 1.</returns>
    private Tensor Targets(int[] images, double partnerShare)
    {
        var targets = new float[images.Length * dataset.Classes];
        Array.Fill(targets, (float)(Smoothing / dataset.Classes));
        var labels = dataset.Train.Labels.Span;
        for (var n = 0; n < images.Length; n++)
        {
            var row = targets.AsSpan(n * dataset.Classes, dataset.Classes);
            row[labels[images[n]]] += (float)((1 - Smoothing) * (1 - partnerShare));
            row[labels[images[^(n + 1)]]] += (float)((1 - Smoothing) * partnerShare);
        }

        return tensor(targets, [images.Length, dataset.Classes], device: device);
    }

    /// <returns>Null where an image's logits are no numbers: no later loss is there to tell that the last step has diverged.</returns>
    private Score? Score(Classifier classifier)
    {
        using var free = no_grad();
        using var scope = NewDisposeScope();
        var model = new Mae(_shape);
        var weights = classifier.Weights(Precision.Fp32);
        var guesses = new List<long>();
        using var feed = _loader.Feed(dataset.Probe, interruption.BatchSize);
        foreach (var batch in feed.Take(dataset.Probe.Count, _shape, device, interruption))
        {
            using var images = batch;
            using var ofBatch = NewDisposeScope();
            var logits = classifier.Logits(model, weights, images);
            if (!logits.AreAllFinite())
            {
                return null;
            }

            guesses.AddRange(logits.argmax(1).cpu().data<long>().ToArray());
        }

        return _scoring.Of(guesses, dataset.Train.Count);
    }
}
