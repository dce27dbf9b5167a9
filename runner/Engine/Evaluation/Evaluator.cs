using System.Diagnostics;
using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using MaeLab.Engine.Probes;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>
/// Looks at a model from outside, in fp32: a linear probe and nearest neighbours of its features, reconstructions of the gallery
/// images and the reconstruction error. Images and masks are the same in every run of a data set, whatever the run's seed.
/// </summary>
public sealed class Evaluator
{
    /// <summary>The probes learn from the first so many training images: enough to tell models apart, and done in seconds.</summary>
    private const int ProbeTrainImages = 10_000;

    /// <summary>The reconstruction error is taken on the first so many probe images.</summary>
    private const int ErrorImages = 512;

    private readonly Recipe _recipe;
    private readonly Dataset _dataset;
    private readonly ParameterStore _parameters;
    private readonly ITrainingSink _sink;
    private readonly Mae _model;
    private readonly ImageLoader _loader;
    private readonly Reconstructor _reconstructor;
    private readonly SharedEvaluation _shared;
    private readonly Scoring _scoring;

    public Evaluator(Recipe recipe, Dataset dataset, ParameterStore parameters, ITrainingSink sink)
    {
        (_recipe, _dataset, _parameters, _sink) = (recipe, dataset, parameters, sink);
        _model = new(MaeShape.Of(recipe, dataset.Channels));
        _loader = new(dataset, recipe.ImageSize);
        _reconstructor = new(recipe, dataset, _model, _loader);
        _shared = new(_reconstructor);
        _scoring = new(dataset);
    }

    /// <summary>
    /// The run's first evaluation: pictures that are the same at every step are given up to it only. A matter of the recipe, not of what
    /// was given already, so that a resumed run leaves the same behind as one that was not interrupted.
    /// </summary>
    public long FirstStep { get; init; } = long.MaxValue;

    /// <summary>Gives the sink what it finds, all or nothing.</summary>
    /// <exception cref="StoppedMidwayException">The run was told to stop.</exception>
    public void Evaluate(long step, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var result = Examine(step, new(_sink, _recipe, _dataset.Channels, cancellationToken));
        if (result.Probes.Count == 0 && result.Images.Count == 0)
        {
            return;
        }

        foreach (var probe in result.Probes)
        {
            _sink.Record(new(probe.Probe, step, probe.Value));
        }

        _sink.SaveEvaluation(result);
        var theory = result.Probes.Count(IsTheory);
        var told = result.Probes.Where(probe => !IsTheory(probe)).Select(probe => FormattableString.Invariant($"{probe.Probe} {probe.Value:G4}"));
        _sink.Log(LogSeverity.Info, FormattableString.Invariant(
            $"Evaluated at step {step} in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s: {string.Join(", ", theory > 0 ? told.Append($"{theory} theory probes") : told)}."));

        static bool IsTheory(ProbeResult probe) => probe.Probe.StartsWith(SeriesNames.TheoryGroup, StringComparison.Ordinal);
    }

    private EvaluationResult Examine(long step, Interruption interruption)
    {
        using var free = no_grad();
        using var scope = NewDisposeScope();
        var weights = _parameters.Weights(Precision.Fp32);
        var probes = new List<ProbeResult>();
        var images = new List<GalleryImage>();
        if (_recipe.Evaluation is { LinearProbe: true } or { Knn: > 0 })
        {
            probes.AddRange(Classify(weights, interruption));
        }

        if (_recipe.Evaluation.Reconstructions > 0 && _dataset.Probe.Count > 0)
        {
            var gallery = GalleryDrawing.Of(_reconstructor, weights, _recipe, _dataset);
            images.AddRange(gallery.Pictures.Where(picture => step <= FirstStep || !ImageKinds.IsSameAtEveryStep(picture.Kind)));
            probes.AddRange(MeasureReconstruction(weights, gallery.Errors, interruption));
        }

        if (_recipe.Evaluation.Theory == TheoryProbes.Cheap && _dataset.Probe.Count > 0)
        {
            probes.AddRange(CheapTheory.Run(new(_recipe, _dataset, _model, _loader, weights), interruption));
        }

        return new(step, images, probes);
    }

    /// <summary>The classifiers of frozen features; these are computed once for all of them.</summary>
    private IEnumerable<ProbeResult> Classify(Weights weights, Interruption interruption)
    {
        var (plan, classes) = (_recipe.Evaluation, _dataset.Classes);
        var train = _dataset.Train.Slice(0, Math.Min(ProbeTrainImages, _dataset.Train.Count));
        var extractor = new FeatureExtractor(_model, _loader, _parameters.Device, interruption);
        Tensor features = extractor.Of(weights, train), labels = extractor.Labels(train), queries = extractor.Of(weights, _dataset.Probe);
        if (plan.LinearProbe)
        {
            yield return Result(SeriesNames.LinearAccuracy, new LinearProbe(features, labels, classes).Predict(queries));
        }

        if (plan.Knn > 0)
        {
            yield return Result(SeriesNames.KnnAccuracy, NearestNeighbors.Predict(features, labels, classes, queries, plan.Knn));
        }

        ProbeResult Result(string series, long[] guesses) => _scoring.Of(guesses, train.Count).ToResult(series);
    }

    private IEnumerable<ProbeResult> MeasureReconstruction(Weights weights, PatchErrors gallery, Interruption interruption)
    {
        int[] images = [.. Enumerable.Range(0, Math.Min(ErrorImages, _dataset.Probe.Count))];
        var sum = interruption.Batches(images).Sum(batch => OwnError(weights, batch) * batch.Length);
        var details = new ReconstructionDetails(images.Length, _recipe.MaskRatio) { Gallery = gallery };
        return [new(SeriesNames.ReconstructionError, sum / images.Length, JsonSerializer.Serialize(details, JsonDefaults.Options)), .. _shared.Measure(weights, images, interruption)];
    }

    /// <summary>
    /// Mean squared error over the removed patches, by the recipe's own masks. It compares across patch sizes, but not across targets:
    /// under normalised pixels the true patch lends its level and contrast, which the other targets have to predict.
    /// </summary>
    private double OwnError(Weights weights, int[] images)
    {
        using var scope = NewDisposeScope();
        return _reconstructor.Reconstruct(weights, images, Gallery.Masks(_recipe, images), PatchLevels.True).Error();
    }
}
