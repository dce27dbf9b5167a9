using System.Text.Json;
using MaeLab.Domain.Metrics;
using MaeLab.Engine.Model;
using MaeLab.Engine.Probes;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Probes;

public sealed class DecoderLiftTests : SubjectTest
{
    [Fact]
    public void EffectiveRank_of_tokens_leaves_their_mean_out()
    {
        // Three orthogonal directions of one length around a mean far off.
        var tokens = cat([eye(3), eye(3).neg()]).add(50);
        Assert.Equal(3, DecoderLift.EffectiveRank(tokens), 1e-6);
    }

    [Fact]
    public void EffectiveRank_of_tokens_is_that_of_double_precision()
    {
        var tokens = Random(4, 30, 6);
        Assert.Equal(Spectra.EffectiveRank(SingularValues(Centred(tokens))), DecoderLift.EffectiveRank(Single(tokens)), 1e-5);
    }

    /// <summary>A decoder of blocks that add nothing predicts each patch from its own token alone, which the head does best.</summary>
    [Fact]
    public void Decoder_of_identity_blocks_lifts_nothing_and_loses_to_the_head()
    {
        var results = DecoderLift.Run(New(values: IdentityBlocks), Free).ToDictionary(result => result.Probe, result => result.Value);
        Assert.Equal(1, results[SeriesNames.DecoderLift], 1e-6);
        Assert.True(results[SeriesNames.DecoderLossRatio] > 1, $"{results[SeriesNames.DecoderLossRatio]}");
    }

    /// <summary>Prediction and target are known: a decoder of nothing predicts 0, so its loss is the targets' mean square.</summary>
    [Fact]
    public void Loss_of_the_decoder_is_its_own()
    {
        var subject = New(values: parameter => parameter.Name == "decoder_pred.weight" ? new float[parameter.Count] : null);
        var details = JsonDocument.Parse(DecoderLift.Run(subject, Free).Single(result => result.Probe == SeriesNames.DecoderLossRatio).Details).RootElement;
        int[] judged = [.. subject.Choose(256).Where((_, n) => n % 2 == 0)];
        var target = Losses.Target(subject.Weights, subject.Images(judged), subject.Shape, subject.Recipe.Target).flatten(0, 1).Values().Chunk(16).ToArray();

        var expected = subject.GalleryMask(judged).Plan.RemovedRows().Average(row => target[row].Average(value => value * value));
        Assert.Equal(expected, details.GetProperty("decoder").GetDouble(), 1e-5);
    }
}
