using MaeLab.Engine.Model;

namespace MaeLab.Engine.Tests.Model;

public sealed class InitializationTests
{
    private static readonly MaeShape s_shape = new(28, 1, 4, new(64, 2, 4), new(32, 1, 2));

    [Fact]
    public void Values_stay_within_the_bound_of_their_rule_and_reach_it()
    {
        foreach (var (name, bound) in new[]
        {
            ("patch_embed.proj.weight", Math.Sqrt(6.0 / (64 + 16))),
            ("patch_embed.proj.bias", 1 / Math.Sqrt(16)),
            ("blocks.0.attn.qkv.weight", Math.Sqrt(6.0 / (4 * 64))),
            ("blocks.1.mlp.fc1.weight", Math.Sqrt(6.0 / (5 * 64))),
            ("decoder_pred.weight", Math.Sqrt(6.0 / (32 + 16))),
        })
        {
            var largest = Values(name).Max(Math.Abs);
            Assert.True(largest <= bound && largest > 0.9 * bound, $"{name}: largest {largest}, bound {bound}");
        }
    }

    [Fact]
    public void Values_of_biases_norms_and_tokens_follow_their_rules()
    {
        Assert.All(Values("blocks.0.attn.qkv.bias"), value => Assert.Equal(0, value));
        Assert.All(Values("norm.weight"), value => Assert.Equal(1, value));
        Assert.All(Values("norm.bias"), value => Assert.Equal(0, value));
        var deviation = Math.Sqrt(Values("cls_token").Concat(Values("mask_token")).Average(value => value * value));
        Assert.InRange(deviation, 0.015, 0.025);
    }

    [Fact]
    public void Values_depend_on_seed_and_name_only()
    {
        var wider = s_shape with { Decoder = new(64, 3, 4), ImageSize = 56 };
        var name = "blocks.1.mlp.fc2.weight";

        Assert.Equal(Values(name), Initialization.Values(Spec(name, wider), wider, seed: 0));
        Assert.NotEqual(Values(name), Initialization.Values(Spec(name, s_shape), s_shape, seed: 1));
        Assert.NotEqual(Values(name), Values("blocks.0.mlp.fc2.weight"));
    }

    private static float[] Values(string name) => Initialization.Values(Spec(name, s_shape), s_shape, seed: 0);

    private static ParameterSpec Spec(string name, MaeShape shape) => MaeParameters.Of(shape).Single(parameter => parameter.Name == name);
}
