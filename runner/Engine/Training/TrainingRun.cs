using System.Diagnostics;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Data;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using TorchSharp;

namespace MaeLab.Engine.Training;

/// <summary>One attempt at a run: the loop over optimizer steps and what happens between them.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly Recipe _recipe;
    private readonly Dataset _dataset;
    private readonly ITrainingSink _sink;
    private readonly Learner _learner;
    private readonly Evaluator _evaluator;
    private readonly TransferEvaluator _transfer;
    private readonly StepRecord _record;
    private readonly string _fingerprint;
    private readonly long _stepsPerEpoch;
    private readonly Stopwatch _training = new();
    private double _elapsedBefore;
    private long _step;
    private long? _savedStep;
    private bool _evaluated = true;
    private long? _finiteAt;

    public TrainingRun(Recipe recipe, Dataset dataset, torch.Device device, ITrainingSink sink)
    {
        _recipe = recipe;
        _dataset = dataset;
        _sink = sink;
        _fingerprint = dataset.Fingerprint();
        _stepsPerEpoch = recipe.StepsPerEpoch(dataset.Train.Count);
        _record = new(recipe, TotalSteps, sink);
        _learner = new Learner(recipe, dataset.Channels, device, PatchPca.OfTarget(recipe, dataset));
        _evaluator = new Evaluator(recipe, dataset, _learner.Parameters, sink) { FirstStep = recipe.Evaluation.FirstEpoch(recipe.Epochs) * _stepsPerEpoch };
        _transfer = new TransferEvaluator(recipe, dataset, _learner.Parameters, sink);
        sink.Log(LogSeverity.Info,
            $"{dataset.Name}: {dataset.Train.Count} training images (fingerprint {_fingerprint[..12]}); {_learner.Parameters.Parameters.Where(p => p.Trainable).Sum(p => p.Count)} trainable parameters on {device.type}; "
            + $"{recipe.VisiblePatches()} of {recipe.Patches()} patches visible; {TotalSteps} steps of {recipe.EffectiveBatch()} images.");
    }

    private long TotalSteps => _recipe.TotalSteps(_dataset.Train.Count);

    /// <summary>Epochs done, as a fraction.</summary>
    private double Epoch => (double)_step / _stepsPerEpoch;

    private double Elapsed => _elapsedBefore + _training.Elapsed.TotalSeconds;

    /// <exception cref="TrainingFailedException">The checkpoint is damaged or of another run.</exception>
    public void Restore(Stream checkpoint)
    {
        try
        {
            var position = Checkpoint.Read(checkpoint, _learner, _recipe);
            if (position.TrainImages != _dataset.Train.Count || position.Step > TotalSteps)
            {
                throw new InvalidDataException(
                    $"It is of step {position.Step} on {position.TrainImages} images; this run has {TotalSteps} steps on {_dataset.Train.Count} images.");
            }

            if (position.Fingerprint is { } trained && trained != _fingerprint)
            {
                throw new InvalidDataException(
                    $"It was trained on other images than those that are called {_dataset.Name} here now (fingerprint {trained[..Math.Min(12, trained.Length)]}, now {_fingerprint[..12]}). "
                    + "Put the images back as they were, or start the run anew.");
            }

            (_step, _elapsedBefore, _savedStep, _evaluated) = (position.Step, position.ElapsedSeconds, position.Step, position.Evaluated);
            _sink.Log(LogSeverity.Info, $"Going on from the checkpoint of step {_step}.");
        }
        catch (InvalidDataException exception)
        {
            throw new TrainingFailedException(ReasonCode.BadData, $"Checkpoint unusable: {exception.Message}", exception);
        }
    }

    /// <param name="evaluationState">Opens that of the evaluations after the last step; null: they have not begun.</param>
    public TrainingOutcome Run(Func<Stream>? evaluationState, CancellationToken cancellationToken)
    {
        try
        {
            Train(new(_sink, _recipe, _dataset.Channels, cancellationToken));
            return Finish(evaluationState, cancellationToken);
        }
        catch (StoppedMidwayException)
        {
            return Leave(_sink.StopRequested);
        }
    }

    public void Dispose() => _learner.Dispose();

    /// <summary>The steps that are left, up to the last.</summary>
    /// <exception cref="StoppedMidwayException">The run was told to stop.</exception>
    private void Train(Interruption interruption)
    {
        using var feed = PretrainingFeed.Start(_recipe, _dataset, _step * _recipe.Accumulation, _stepsPerEpoch * _recipe.Accumulation);
        _record.Report(_step, Epoch, imagesPerSecond: 0);
        if (!_evaluated && _step < TotalSteps)
        {
            Evaluate(interruption.Token);
        }

        while (_step < TotalSteps)
        {
            Step(feed, interruption);
            if (_step % _stepsPerEpoch == 0 && _step < TotalSteps)
            {
                EndEpoch(_step / _stepsPerEpoch, interruption.Token);
            }
        }
    }

    /// <summary>
    /// What comes after the last step. The final checkpoint comes before the evaluations that take long, so that a run stopped or
    /// killed during these goes straight to them, and on from the state that they had saved themselves.
    /// </summary>
    private TrainingOutcome Finish(Func<Stream>? evaluationState, CancellationToken cancellationToken)
    {
        if (_savedStep != _step || !_evaluated)
        {
            Evaluate(cancellationToken);
            if (!Save(final: true))
            {
                return Leave(_sink.StopRequested);
            }
        }

        _transfer.Evaluate(_step, cancellationToken, evaluationState);
        return new(Completed: true, _step, Checkpoint.Sha256(_learner.Parameters));
    }

    private void Step(BatchFeed<MaskPlan> feed, Interruption interruption)
    {
        var start = Stopwatch.GetTimestamp();
        var waited = TimeSpan.Zero;
        var learningRate = LearningRateSchedule.At(_recipe, Epoch);
        _training.Start();
        var result = _learner.Step(Next, feed.Return, learningRate, _step + 1, interruption);
        _training.Stop();
        if (!result.IsFinite)
        {
            throw new TrainingFailedException(ReasonCode.Diverged,
                $"Diverged at step {_step + 1} (epoch {Epoch:F2}, {Batches()} of the epoch): loss {result.Loss}, gradient norm {result.GradientNorm}. "
                + Kept());
        }

        _step++;
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _record.Add(_step, Epoch, result, learningRate, Elapsed, seconds, waited.TotalSeconds / seconds);

        Batch<MaskPlan> Next()
        {
            var asked = Stopwatch.GetTimestamp();
            var batch = feed.Next(interruption.Token);
            waited += Stopwatch.GetElapsedTime(asked);
            return batch;
        }

        string Batches()
        {
            var done = _step % _stepsPerEpoch * _recipe.Accumulation;
            return _recipe.Accumulation == 1 ? $"batch {done + 1}" : $"batches {done + 1} to {done + _recipe.Accumulation}";
        }
    }

    /// <summary>
    /// What an epoch's end brings, but the last one's. The checkpoint comes last, so that a run that goes on from it has been
    /// evaluated there.
    /// </summary>
    private void EndEpoch(long epoch, CancellationToken cancellationToken)
    {
        if (IsDue(epoch, _recipe.Evaluation.EveryEpochs))
        {
            Evaluate(cancellationToken);
        }

        if (IsDue(epoch, _recipe.Checkpoints.EveryEpochs))
        {
            Save(final: false);
        }
    }

    private static bool IsDue(long epoch, int every) => every > 0 && epoch % every == 0;

    private void Evaluate(CancellationToken cancellationToken)
    {
        CheckFinite();
        _evaluated = false;
        _evaluator.Evaluate(_step, cancellationToken);
        _evaluated = true;
    }

    /// <summary>Where a step was left in its midst, the run stands before it: what it had done of it is done again.</summary>
    private TrainingOutcome Leave(StopRequest request)
    {
        _training.Stop();
        if (request == StopRequest.SaveAndStop && _savedStep != _step)
        {
            Save(final: false);
        }

        return new(Completed: false, _step, null);
    }

    /// <returns>False where there was no room for it.</returns>
    private bool Save(bool final)
    {
        CheckFinite();
        var position = new TrainingPosition(_step, Epoch, Elapsed, _dataset.Train.Count, _evaluated, _fingerprint);
        var kept = _sink.SaveCheckpoint(_step, Epoch, final, stream => Checkpoint.Write(stream, _learner, _recipe, position));
        _savedStep = kept ? _step : _savedStep;
        return kept;
    }

    /// <summary>A step whose loss and gradient were numbers may still end in weights that are none: no later step is there to tell.</summary>
    /// <exception cref="TrainingFailedException">Diverged.</exception>
    private void CheckFinite()
    {
        // Evaluation and checkpoint of one step both ask.
        if (_finiteAt == _step)
        {
            return;
        }

        if (!_learner.IsFinite)
        {
            throw new TrainingFailedException(ReasonCode.Diverged, $"Diverged by step {_step} (epoch {Epoch:F2}): weights or moments are not finite. {Kept()}");
        }

        _finiteAt = _step;
    }

    private string Kept() => _savedStep is { } saved ? $"The checkpoint of step {saved} is kept." : "No checkpoint had been saved yet.";
}
