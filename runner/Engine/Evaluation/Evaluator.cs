using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>
/// Looks at a model from outside, in fp32: a linear probe of its features, reconstructions of the gallery images and the
/// reconstruction error. Images and masks are the same in every run of a data set, whatever the run's seed.
/// </summary>
public sealed class Evaluator
{
    /// <summary>The probe is fitted on the first so many training images: enough to tell models apart, and done in seconds.</summary>
    private const int ProbeTrainImages = 10_000;

    /// <summary>The reconstruction error is taken on the first so many probe images.</summary>
    private const int ErrorImages = 512;

    private const int Batch = 128;
    private readonly Recipe _recipe;
    private readonly Dataset _dataset;
    private readonly ParameterStore _parameters;
    private readonly Mae _model;
    private readonly ImageLoader _loader;
    private readonly Reconstructor _reconstructor;

    public Evaluator(Recipe recipe, Dataset dataset, ParameterStore parameters)
    {
        (_recipe, _dataset, _parameters) = (recipe, dataset, parameters);
        _model = new(MaeShape.Of(recipe, dataset.Channels));
        _loader = new(dataset, recipe.ImageSize);
        _reconstructor = new(recipe, dataset, _model, _loader);
    }

    public EvaluationResult Evaluate(long step, CancellationToken cancellationToken)
    {
        using var free = no_grad();
        using var scope = NewDisposeScope();
        var weights = _parameters.Weights(Precision.Fp32);
        var probes = new List<ProbeResult>();
        var images = new List<GalleryImage>();
        if (_recipe.Evaluation.LinearProbe)
        {
            probes.Add(ProbeLinearly(weights, cancellationToken));
        }

        if (_recipe.Evaluation.Reconstructions > 0 && _dataset.Probe.Count > 0)
        {
            images.AddRange(_reconstructor.Draw(weights, Gallery.Choose(_dataset.Probe, _dataset.Classes, _recipe.Evaluation.Reconstructions)));
            probes.Add(MeasureReconstruction(weights, cancellationToken));
        }

        return new(step, images, probes);
    }

    private ProbeResult ProbeLinearly(Weights weights, CancellationToken cancellationToken)
    {
        var train = _dataset.Train.Slice(0, Math.Min(ProbeTrainImages, _dataset.Train.Count));
        var probe = new LinearProbe(Features(weights, train, cancellationToken), Labels(train), _dataset.Classes);
        var guesses = probe.Predict(Features(weights, _dataset.Probe, cancellationToken));

        var seen = new int[_dataset.Classes];
        var right = new int[_dataset.Classes];
        for (var image = 0; image < guesses.Length; image++)
        {
            int label = _dataset.Probe.Labels.Span[image];
            seen[label]++;
            right[label] += guesses[image] == label ? 1 : 0;
        }

        return new(SeriesNames.LinearAccuracy, (double)right.Sum() / guesses.Length, Json(new
        {
            PerClass = seen.Select((count, label) => count > 0 ? (double?)right[label] / count : null),
            TrainImages = train.Count,
            ProbeImages = guesses.Length,
        }));
    }

    private ProbeResult MeasureReconstruction(Weights weights, CancellationToken cancellationToken)
    {
        var count = Math.Min(ErrorImages, _dataset.Probe.Count);
        var sum = Batches(count, cancellationToken).Sum(images => _reconstructor.Error(weights, images) * images.Length);
        return new(SeriesNames.ReconstructionError, sum / count, Json(new { Images = count, _recipe.MaskRatio }));
    }

    /// <summary>The cls token after the final norm, every patch visible.</summary>
    /// <returns>[n, D]</returns>
    private Tensor Features(Weights weights, ImageSet set, CancellationToken cancellationToken)
    {
        var parts = new List<Tensor>();
        foreach (var batch in Batches(set.Count, cancellationToken))
        {
            using var scope = NewDisposeScope();
            var images = _loader.Tensor(set, batch, _parameters.Device);
            parts.Add(_model.EncodeAll(weights, images).select(1, 0).MoveToOuterDisposeScope());
        }

        return cat(parts, 0);
    }

    private Tensor Labels(ImageSet set) => tensor(set.Labels.ToArray().Select(label => (long)label).ToArray(), device: _parameters.Device);

    private static IEnumerable<int[]> Batches(int count, CancellationToken cancellationToken)
    {
        foreach (var batch in Enumerable.Range(0, count).Chunk(Batch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return batch;
        }
    }

    private static string Json<T>(T details) => JsonSerializer.Serialize(details, JsonDefaults.Options);
}
