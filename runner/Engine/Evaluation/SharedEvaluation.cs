using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Metrics;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>
/// One task for every run of a data set and image size, so that runs of other patch sizes, targets, samplers and mask ratios compare:
/// guess the removed pixels of the same images through <see cref="SharedMasks"/>, scored in pixels of [0, 1]. Nobody is told the level
/// of a removed patch (<see cref="PatchLevels.Interpolated"/>). What stays incomparable: masks of large patches are coarser, with
/// fewer pixels near a visible one. The skill measures against <see cref="InverseDistance"/> of the same visible pixels, which meets the
/// same mask; it takes most of that difference out, not all. And a run trained at another ratio or sampler meets masks it never saw.
/// </summary>
internal sealed class SharedEvaluation(Reconstructor reconstructor)
{
    private double? _interpolationError;

    /// <summary>Gives the error, and the skill 1 - error / error of the interpolation: 1 is perfect, 0 no better than it.</summary>
    public IEnumerable<ProbeResult> Measure(Weights weights, IReadOnlyList<int> images, Interruption interruption)
    {
        double error = 0, interpolation = 0;
        foreach (var batch in interruption.Batches(images))
        {
            using var scope = NewDisposeScope();
            var share = (double)batch.Length / images.Count;
            var guessed = reconstructor.Reconstruct(weights, batch, SharedMasks.Plan(reconstructor.Shape, batch), PatchLevels.Interpolated);
            error += guessed.Error() * share;
            // It knows nothing of the model: once is enough for all evaluations of a run.
            interpolation += _interpolationError is null
                ? (guessed with { Predicted = InverseDistance.Fill(guessed.Original, guessed.Removed) }).Error() * share
                : 0;
        }

        var baseline = _interpolationError ??= interpolation;
        var details = JsonSerializer.Serialize(new { Images = images.Count, MaskRatio = SharedMasks.Ratio, InterpolationError = baseline }, JsonDefaults.Options);
        yield return new(SeriesNames.SharedPixelError, error, details);

        // Images of one colour are interpolated without error, and nothing is better or worse than that by a factor.
        if (baseline > 0)
        {
            yield return new(SeriesNames.SharedSkill, 1 - (error / baseline), details);
        }
    }
}
