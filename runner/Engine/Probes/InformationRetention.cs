using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <summary>
/// Q2b, how much of an image a random part of its patches keeps: ret(m) = CKA(f(x_S), f(x)) over N images, f the cls feature [N, D], and the
/// mean cosine of both. 1 where nothing is lost. Inspired by Cao, Xu, Clifton 2022. And the alignment gap of U-MAE (Zhang, Wang, Wang 2022):
/// E cos(f(x_S), f(x_S')) for two masks of one image, less the same for different images.
/// </summary>
internal static class InformationRetention
{
    /// <summary>Linear CKA needs several times as many images as the features have directions.</summary>
    private const int Images = 512;

    public static IEnumerable<ProbeResult> Run(Subject subject, Interruption interruption)
    {
        var images = subject.Choose(Images);
        var whole = subject.Features(images, interruption);
        var curve = Sweep.Ratios(subject.Recipe).Select(ratio =>
        {
            var part = Masked(subject, images, ratio, draw: 0, interruption);
            return new RetentionPoint(ratio, LayerSimilarity.Of(part, whole).Short(), Alignment(part, whole).Same.Short());
        }).ToList();
        yield return Readout.Result(
            SeriesNames.InformationRetention, curve.Single(point => point.Ratio == subject.Recipe.MaskRatio).Cka, new RetentionDetails(curve, images.Length));

        Tensor first = Masked(subject, images, subject.Recipe.MaskRatio, draw: 0, interruption), second = Masked(subject, images, subject.Recipe.MaskRatio, draw: 1, interruption);
        var (same, different) = Alignment(first, second);
        yield return Readout.Result(SeriesNames.AlignmentGap, same - different, new AlignmentDetails(same.Short(), different.Short(), images.Length));
    }

    /// <param name="first">[N, D]</param>
    /// <param name="second">[N, D], the same images.</param>
    /// <returns>Mean cosine of an image with itself, and with the others.</returns>
    public static (double Same, double Different) Alignment(Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        var cosines = nn.functional.normalize(first, dim: 1).matmul(nn.functional.normalize(second, dim: 1).t()).to(ScalarType.Float64);
        double images = first.shape[0], same = cosines.trace().Values()[0];
        return (same / images, (cosines.sum().Values()[0] - same).Over(images * (images - 1)));
    }

    private static Tensor Masked(Subject subject, int[] images, double ratio, int draw, Interruption interruption)
    {
        var visible = Math.Max(1, Recipe.VisiblePatches(subject.Shape.Patches, ratio));
        return cat([.. interruption.Batches(images).Select(batch =>
        {
            using var scope = NewDisposeScope();
            return subject.Model.Encode(subject.Weights, subject.Images(batch), subject.RandomMask(batch, visible, draw)).select(1, 0).MoveToOuterDisposeScope();
        })], 0);
    }
}
