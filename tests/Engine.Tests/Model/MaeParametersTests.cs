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
