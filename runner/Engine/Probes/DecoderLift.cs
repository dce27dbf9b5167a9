using MaeLab.Domain.Metrics;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <summary>
/// Q4a, whether the decoder matters: the effective rank of its patch tokens [N L, E] (columns centred) after the last block over that before the
/// first; and the loss ratio rho = loss of the decoder / loss of a head without blocks. That head is a ridge regression from
/// [mean of the visible tokens | own token], as they enter the decoder, to the target, fitted on other images: content and position, but no attention
/// between tokens. rho below 1: the decoder's blocks add something. Inspired by Cao, Xu, Clifton 2022.
/// </summary>
internal static class DecoderLift
{
    private const int MostTokens = 8192;
    private const int LeastImages = 8;
    private const int MostImages = 128;

    /// <summary>Of the inputs' mean variance: enough for directions that do not occur.</summary>
    private const double Ridge = 1e-4;

    public static IEnumerable<ProbeResult> Run(Subject subject, Interruption interruption)
    {
        var images = subject.Choose(2 * Math.Clamp(MostTokens / subject.Shape.Patches, LeastImages, MostImages));
        int[] fitted = [.. images.Where((_, n) => n % 2 == 1)], judged = [.. images.Where((_, n) => n % 2 == 0)];
        if (fitted.Length == 0)
        {
            yield break;
        }

        interruption.Check();
        var others = Pass(subject, fitted);
        interruption.Check();
        var own = Pass(subject, judged);
        var ranks = own.States.Select(state => EffectiveRank(Subject.PatchTokens(state))).ToList();
        yield return Readout.Result(SeriesNames.DecoderLift, ranks[^1].Over(ranks[0]), new LayerDetails(ranks.Short()) { Images = judged.Length });

        var headLoss = (RidgeRegression.Predict(RidgeRegression.Fit(others.Inputs, others.Targets, Ridge), own.Inputs) - own.Targets).Squared().mean().Values()[0];
        yield return Readout.Result(
            SeriesNames.DecoderLossRatio, own.Loss.Over(headLoss), new DecoderLossDetails(own.Loss, headLoss, fitted.Length, judged.Length));
    }

    /// <param name="tokens">[n, E]</param>
    public static double EffectiveRank(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var exact = tokens.to(ScalarType.Float64);
        return Spectra.EffectiveRank(linalg.svdvals(exact - exact.mean([0], keepdim: true)).Values());
    }

    /// <returns>Inputs [n, 2 E] and targets [n, values] of the removed patches, and the decoder's own loss on them.</returns>
    private static (IReadOnlyList<Tensor> States, Tensor Inputs, Tensor Targets, double Loss) Pass(Subject subject, int[] images)
    {
        var (mask, input, trace) = (subject.GalleryMask(images), subject.Images(images), new BlockTrace());
        var prediction = subject.Predict(input, mask, trace);
        var target = subject.Target(input);
        var removed = tensor(mask.Plan.RemovedRows(), device: subject.Device);
        var tokens = Subject.PatchTokens(trace.States[0]);
        var mean = tokens.index_select(0, mask.VisibleRows).view(images.Length, mask.Plan.Visible, -1).mean([1], keepdim: true)
            .expand(-1, mask.Plan.Patches, -1).flatten(0, 1);
        return (
            trace.States,
            cat([mean, tokens], 1).index_select(0, removed).to(ScalarType.Float64),
            target.flatten(0, 1).index_select(0, removed).to(ScalarType.Float64),
            Losses.Reconstruction(prediction, target, mask).Values()[0]);
    }
}
