using MaeLab.Domain.Recipes;
using MaeLab.Engine.Model;

namespace MaeLab.Engine.Tests.Model;

public sealed class MaeParametersTests
{
    /// <summary>The published models at 224 x 224 in colour; frozen are the two position tables.</summary>
    [Theory]
    [InlineData("base", 111_655_680, 252_160, 85_647_360)]
    [InlineData("large", 329_239_296, 302_592, 303_099_904)]
    [InlineData("huge", 656_613_964, 460_544, 630_435_840)]
    public void Of_published_preset_counts_as_published(string preset, long trainable, long frozen, long encoder)
    {
        var all = MaeParameters.Of(MaeShape.Of(Presets.Find(preset)!, channels: 3));

        Assert.Equal(trainable, all.Where(parameter => parameter.Trainable).Sum(parameter => parameter.Count));
        Assert.Equal(frozen, all.Where(parameter => !parameter.Trainable).Sum(parameter => parameter.Count));
        Assert.Equal(encoder, all.Where(parameter => parameter.Trainable && !parameter.Name.Contains("decoder", StringComparison.Ordinal) && parameter.Name != "mask_token").Sum(parameter => parameter.Count));
    }

    [Fact]
    public void Of_every_preset_counts_as_its_predicted_cost()
    {
        foreach (var recipe in Presets.Names.Select(name => Presets.Find(name)!))
        {
            var dataset = Datasets.Known.Single(info => info.Name == recipe.Dataset.Name);
            var counted = MaeParameters.Of(MaeShape.Of(recipe, dataset.Channels)).Where(parameter => parameter.Trainable).Sum(parameter => parameter.Count);
            Assert.Equal(RecipeCost.Of(recipe, dataset).Parameters, counted);
        }
    }

    [Theory]
    [InlineData("base", 768, 111_655_680)]
    [InlineData("large", 1024, 329_239_296)]
    [InlineData("huge", 1280, 656_613_964)]
    public void Of_published_preset_with_encoder_mask_tokens_trades_the_decoders_for_the_encoders(string preset, int width, long trainable)
    {
        var recipe = Presets.Find(preset)! with { EncoderMaskTokens = true };
        var all = MaeParameters.Of(MaeShape.Of(recipe, channels: 3));

        Assert.Equal(trainable - 512 + width, all.Where(parameter => parameter.Trainable).Sum(parameter => parameter.Count));
        Assert.Equal([1, 1, width], all.Single(parameter => parameter.Name == "encoder_mask_token").Shape);
        Assert.DoesNotContain(all, parameter => parameter.Name == "mask_token");
    }

    [Fact]
    public void Of_pca_predicts_components_and_freezes_their_basis()
    {
        var all = MaeParameters.Of(MaeShape.Of(Presets.Find("base")! with { Target = ReconstructionTarget.Pca }, channels: 3));

        Assert.Equal(
            ["decoder_pred.weight 96x512", "decoder_pred.bias 96", "target_pca.mean 768", "target_pca.components 96x768", "target_pca.scale 1"],
            all.TakeLast(5).Select(parameter => $"{parameter.Name} {string.Join('x', parameter.Shape)}"));
        Assert.All(all.TakeLast(3), parameter => Assert.False(parameter.Trainable || parameter.Decays));
    }

    [Fact]
    public void Of_every_variant_counts_as_its_predicted_cost()
    {
        var dataset = Datasets.FashionMnistSample;
        foreach (var target in Enum.GetValues<ReconstructionTarget>())
        {
            foreach (var tokens in new[] { false, true })
            {
                var recipe = Presets.Find("nano")! with { Target = target, PcaComponents = 7, EncoderMaskTokens = tokens };
                var counted = MaeParameters.Of(MaeShape.Of(recipe, dataset.Channels)).Where(parameter => parameter.Trainable).Sum(parameter => parameter.Count);
                Assert.Equal(RecipeCost.Of(recipe, dataset).Parameters, counted);
            }
        }
    }

    [Fact]
    public void Of_base_has_the_names_and_shapes_of_the_public_checkpoints()
    {
        var shapes = MaeParameters.Of(MaeShape.Of(Presets.Find("base")!, channels: 3))
            .ToDictionary(parameter => parameter.Name, parameter => string.Join('x', parameter.Shape));
        var expected = new Dictionary<string, string>
        {
            ["cls_token"] = "1x1x768",
            ["pos_embed"] = "1x197x768",
            ["mask_token"] = "1x1x512",
            ["decoder_pos_embed"] = "1x197x512",
            ["patch_embed.proj.weight"] = "768x3x16x16",
            ["patch_embed.proj.bias"] = "768",
            ["norm.weight"] = "768",
            ["norm.bias"] = "768",
            ["decoder_embed.weight"] = "512x768",
            ["decoder_embed.bias"] = "512",
            ["decoder_norm.weight"] = "512",
            ["decoder_norm.bias"] = "512",
            ["decoder_pred.weight"] = "768x512",
            ["decoder_pred.bias"] = "768",
        };
        foreach (var (prefix, depth, w) in new[] { ("blocks", 12, 768), ("decoder_blocks", 8, 512) })
        {
            for (var i = 0; i < depth; i++)
            {
                foreach (var norm in new[] { "norm1", "norm2" })
                {
                    expected[$"{prefix}.{i}.{norm}.weight"] = expected[$"{prefix}.{i}.{norm}.bias"] = $"{w}";
                }

                foreach (var (name, to, from) in new[] { ("attn.qkv", 3 * w, w), ("attn.proj", w, w), ("mlp.fc1", 4 * w, w), ("mlp.fc2", w, 4 * w) })
                {
                    expected[$"{prefix}.{i}.{name}.weight"] = $"{to}x{from}";
                    expected[$"{prefix}.{i}.{name}.bias"] = $"{to}";
                }
            }
        }

        Assert.Equal(expected.OrderBy(pair => pair.Key), shapes.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void Of_decays_matrices_and_tokens_but_no_biases_norms_or_positions()
    {
        var decayed = MaeParameters.Of(new(8, 1, 4, new(8, 1, 1), new(8, 1, 1))).Where(parameter => parameter.Decays).Select(parameter => parameter.Name);

        Assert.Equal(
            ["blocks.0.attn.proj.weight", "blocks.0.attn.qkv.weight", "blocks.0.mlp.fc1.weight", "blocks.0.mlp.fc2.weight", "cls_token",
                "decoder_blocks.0.attn.proj.weight", "decoder_blocks.0.attn.qkv.weight", "decoder_blocks.0.mlp.fc1.weight",
                "decoder_blocks.0.mlp.fc2.weight", "decoder_embed.weight", "decoder_pred.weight", "mask_token", "patch_embed.proj.weight"],
            decayed.Order(StringComparer.Ordinal));
    }
}
