using MaeLab.Domain.Recipes;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using MaeLab.Engine.Native;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Evaluation;

public sealed class ClassifierTests
{
    private const double LearningRate = 1e-3;
    private const double WeightDecay = 0.05;
    private static readonly MaeShape s_shape = new(8, 1, 4, new(16, 3, 2), new(8, 1, 2));

    /// <summary>AdamW's first step moves a weight by the learning rate, whatever the gradient; so it shows a layer's rate and who decays.</summary>
    [Theory]
    [InlineData("cls_token", 4, false)]
    [InlineData("pos_embed", 4, false)]
    [InlineData("patch_embed.proj.weight", 4, true)]
    [InlineData("patch_embed.proj.bias", 4, false)]
    [InlineData("blocks.0.attn.qkv.weight", 3, true)]
    [InlineData("blocks.2.mlp.fc1.bias", 1, false)]
    [InlineData("fc_norm.weight", 0, false)]
    [InlineData("head.weight", 0, true)]
    public void Step_moves_a_parameter_by_its_layers_rate(string parameter, int power, bool decays)
    {
        NativeThreads.Prepare();
        using var scope = NewDisposeScope();
        using var classifier = New(Pooling.Mean);
        float[] before = Values(classifier, parameter);

        // The head starts at 2e-5: what it lets through must be large beside AdamW's epsilon.
        (Logits(classifier).logsumexp(1).sum() * 1e6).backward();
        classifier.Step(LearningRate, step: 1);

        var rate = LearningRate * Math.Pow(0.5, power);
        var kept = decays ? 1 - (rate * WeightDecay) : 1;
        Assert.Equal(rate, before.Zip(Values(classifier, parameter), (old, now) => Math.Abs(now - (old * kept))).Max(), rate * 0.01);
    }

    [Fact]
    public void Logits_read_the_mean_of_the_patch_tokens_or_the_cls_token()
    {
        NativeThreads.Prepare();
        using var scope = NewDisposeScope();
        using Classifier mean = New(Pooling.Mean), cls = New(Pooling.ClassToken);
        var encoded = new Mae(s_shape).EncodeAll(cls.Weights(Precision.Fp32), Images());

        AssertNear(nn.functional.linear(encoded.select(1, 0), cls.Weights(Precision.Fp32)["head.weight"]), Logits(cls));
        Assert.Throws<KeyNotFoundException>(() => mean.Weights(Precision.Fp32)["norm.weight"]);
        Assert.Throws<KeyNotFoundException>(() => cls.Weights(Precision.Fp32)["fc_norm.weight"]);
        Assert.True((Logits(mean) - Logits(cls)).abs().max().item<float>() > 1e-6);
    }

    private static Classifier New(Pooling pooling) => new(
        new() { LayerDecay = 0.5, Pooling = pooling }, s_shape, classes: 3, seed: 1, CPU, parameter => Initialization.Values(parameter, s_shape, seed: 1));

    private static Tensor Logits(Classifier classifier) => classifier.Logits(new(s_shape), classifier.Weights(Precision.Fp32), Images());

    private static Tensor Images() => linspace(-1, 1, 5 * 64).sin().view(5, 1, 8, 8);

    private static float[] Values(Classifier classifier, string parameter) => classifier.Weights(Precision.Fp32)[parameter].detach().contiguous().data<float>().ToArray();

    private static void AssertNear(Tensor expected, Tensor actual) => Assert.Equal(0, (expected - actual).abs().max().item<float>(), 1e-9);
}
