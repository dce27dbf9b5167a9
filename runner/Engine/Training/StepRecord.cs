using System.Diagnostics;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;

namespace MaeLab.Engine.Training;

/// <summary>What a run tells of its steps: a point of every series at each, and how far it is, twice a second.</summary>
internal sealed class StepRecord(Recipe recipe, long totalSteps, ITrainingSink sink)
{
    private static readonly TimeSpan s_reportEvery = TimeSpan.FromMilliseconds(500);
    private readonly Stopwatch _sinceReport = Stopwatch.StartNew();
    private double _lossSinceReport;
    private long _stepsSinceReport;

    /// <param name="step">That was done, from 1.</param>
    /// <param name="epoch">Epochs done with it, as a fraction.</param>
    /// <param name="elapsed">Seconds spent training, over all attempts.</param>
    /// <param name="seconds">Of this step.</param>
    /// <param name="waitedShare">Of these, for batches.</param>
    public void Add(long step, double epoch, StepResult result, double learningRate, double elapsed, double seconds, double waitedShare)
    {
        var images = step * recipe.EffectiveBatch();
        var rate = recipe.EffectiveBatch() / seconds;
        Add(SeriesNames.TrainLoss, result.Loss);
        Add(SeriesNames.LearningRate, learningRate);
        Add(SeriesNames.GradientNorm, result.GradientNorm);
        if (recipe.Uniformity is not null)
        {
            Add(SeriesNames.Uniformity, result.Uniformity);
        }

        Add(SeriesNames.Epoch, epoch);
        Add(SeriesNames.Images, images);
        Add(SeriesNames.VisibleTokens, (double)images * recipe.VisiblePatches());
        Add(SeriesNames.ElapsedSeconds, elapsed);
        Add(SeriesNames.ImagesPerSecond, rate);
        Add(SeriesNames.DataWait, waitedShare);

        _lossSinceReport += result.Loss;
        _stepsSinceReport++;
        if (_sinceReport.Elapsed >= s_reportEvery || step == totalSteps)
        {
            Report(step, epoch, rate);
        }

        void Add(string series, double value) => sink.Record(new(series, step, value));
    }

    public void Report(long step, double epoch, double imagesPerSecond)
    {
        sink.Report(new(step, totalSteps, epoch, _stepsSinceReport > 0 ? _lossSinceReport / _stepsSinceReport : null, imagesPerSecond));
        (_lossSinceReport, _stepsSinceReport) = (0, 0);
        _sinceReport.Restart();
    }
}
