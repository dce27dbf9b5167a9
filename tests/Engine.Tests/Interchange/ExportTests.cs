using System.Runtime.InteropServices;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Formats;
using MaeLab.Engine.Interchange;
using MaeLab.Engine.Model;
using MaeLab.Engine.Native;
using MaeLab.Engine.Tests.Training;
using TorchSharp;

namespace MaeLab.Engine.Tests.Interchange;

public sealed class ExportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("maelab-export").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_writes_the_parameters_and_nothing_of_the_optimizer()
    {
        var checkpoint = Exchanged.Checkpoint(Jobs.Small);
        var saved = Exchanged.Read(checkpoint);
        var exported = Exchanged.Read(Exchanged.Export(checkpoint, NameScheme.Mae, encoderOnly: false));

        Assert.Equal(
            MaeParameters.Of(MaeShape.Of(Jobs.Small, 1)).Select(parameter => parameter.Name).Order(StringComparer.Ordinal),
            exported.Keys.Order(StringComparer.Ordinal));
        Assert.All(exported, pair => Assert.Equal(saved[pair.Key].Bytes, pair.Value.Bytes));
    }

    [Fact]
    public void Run_encoder_only_writes_what_features_need()
    {
        var recipe = Jobs.Small with { EncoderMaskTokens = true, Target = ReconstructionTarget.Pca };
        var names = Exchanged.Read(Exchanged.Export(Exchanged.Checkpoint(recipe), NameScheme.Mae, encoderOnly: true)).Keys;

        Assert.Equal(4 + 2 + (2 * 12), names.Count);
        Assert.All(names, name => Assert.True(name is "cls_token" or "pos_embed" || name.Split('.')[0] is "patch_embed" or "blocks" or "norm", name));
    }

    [Fact]
    public void Run_by_hugging_face_names_splits_qkv_in_order()
    {
        var checkpoint = Exchanged.Checkpoint(Jobs.Small);
        var saved = Exchanged.Read(checkpoint);
        var exported = Exchanged.Read(Exchanged.Export(checkpoint, NameScheme.Hf, encoderOnly: false));

        Assert.Equal(HfNames(encoderDepth: 2, decoderDepth: 1).Order(StringComparer.Ordinal), exported.Keys.Order(StringComparer.Ordinal));
        const string Query = "vit.encoder.layer.1.attention.attention.";
        Assert.Equal([32, 32], exported[Query + "key.weight"].Entry.Shape);
        Assert.Equal(
            saved["blocks.1.attn.qkv.weight"].Bytes,
            new[] { "query", "key", "value" }.SelectMany(part => exported[$"{Query}{part}.weight"].Bytes));
        Assert.Equal(saved["decoder_blocks.0.norm2.bias"].Bytes, exported["decoder.decoder_layers.0.layernorm_after.bias"].Bytes);
        Assert.Equal(saved["pos_embed"].Bytes, exported["vit.embeddings.position_embeddings"].Bytes);
    }

    [Fact]
    public void Run_keeps_the_recipe_and_says_that_it_is_for_pytorch()
    {
        var metadata = new SafetensorsReader(new MemoryStream(Exchanged.Export(Exchanged.Checkpoint(Jobs.Small), NameScheme.Hf, encoderOnly: true))).Header.Metadata;

        Assert.Equal("pt", metadata["format"]);
        Assert.Equal(Jobs.Small, RecipeJson.Read(metadata["recipe"]));
    }

    [Fact]
    public void Run_of_what_hugging_face_has_no_name_for_is_refused() => AssertRefused(
        "no parameter like 'encoder_mask_token'", Exchanged.Checkpoint(Jobs.Small with { EncoderMaskTokens = true }), NameScheme.Hf);

    [Fact]
    public void Run_of_a_file_that_is_no_whole_checkpoint_is_refused()
    {
        var checkpoint = Exchanged.Checkpoint(Jobs.Small);
        AssertRefused("ends within tensor", checkpoint[..^1], NameScheme.Mae);
        AssertRefused("Bytes follow the last tensor", [.. checkpoint, 0], NameScheme.Mae);
        AssertRefused("no MaeLab checkpoint", Exchanged.Write([]), NameScheme.Mae);
    }

    /// <summary>The features that PyTorch computes with the exported encoder are the engine's.</summary>
    [Fact]
    public void Exported_encoder_gives_plain_pytorch_the_same_features()
    {
        var recipe = Jobs.Small with { EncoderMaskTokens = true };
        var checkpoint = Exchanged.Checkpoint(recipe);
        string encoder = Path.Combine(_folder, "encoder"), input = Path.Combine(_folder, "images"), output = Path.Combine(_folder, "features");
        File.WriteAllBytes(encoder, Exchanged.Export(checkpoint, NameScheme.Mae, encoderOnly: true));
        float[] pixels = [.. Enumerable.Range(0, 3 * 28 * 28).Select(n => (float)CounterRandom.Of(7, RandomPurpose.Crop).Normal(n))];
        File.WriteAllBytes(input, Exchanged.Write([("images", "F32", [3, 1, 28, 28], MemoryMarshal.AsBytes(pixels.AsSpan()).ToArray())]));

        PlainTorch.Run("encoder_features.py", encoder, input, output, $"{recipe.Encoder.Heads}");

        NativeThreads.Prepare();
        using var scope = torch.NewDisposeScope();
        using var free = torch.no_grad();
        var saved = Exchanged.Read(checkpoint);
        var weights = new Weights(MaeParameters.Of(MaeShape.Of(recipe, 1)).ToDictionary(
            parameter => parameter.Name, parameter => torch.tensor(Exchanged.Floats(saved[parameter.Name].Bytes), parameter.Shape)));
        var ours = new Mae(MaeShape.Of(recipe, 1)).EncodeAll(weights, torch.tensor(pixels, [3, 1, 28, 28]));
        var (entry, theirs) = Exchanged.Read(File.ReadAllBytes(output))["features"];
        Assert.Equal(ours.shape, entry.Shape);
        Assert.All(ours.contiguous().data<float>().ToArray().Zip(Exchanged.Floats(theirs)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    private static void AssertRefused(string why, byte[] checkpoint, NameScheme scheme)
    {
        var failure = Assert.Throws<InvalidDataException>(() => Export.Run(new MemoryStream(checkpoint), new MemoryStream(), scheme, encoderOnly: false));
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>As ViTMAEForPreTraining of transformers has them.</summary>
    private static IEnumerable<string> HfNames(int encoderDepth, int decoderDepth)
    {
        string[] layers =
        [
            "attention.attention.query", "attention.attention.key", "attention.attention.value", "attention.output.dense",
            "intermediate.dense", "output.dense", "layernorm_before", "layernorm_after",
        ];
        return
        [
            "vit.embeddings.cls_token", "vit.embeddings.position_embeddings", "decoder.mask_token", "decoder.decoder_pos_embed",
            .. from layer in (IEnumerable<string>)[
                    "vit.embeddings.patch_embeddings.projection", "vit.layernorm", "decoder.decoder_embed", "decoder.decoder_norm", "decoder.decoder_pred",
                    .. from block in Enumerable.Range(0, encoderDepth) from layer in layers select $"vit.encoder.layer.{block}.{layer}",
                    .. from block in Enumerable.Range(0, decoderDepth) from layer in layers select $"decoder.decoder_layers.{block}.{layer}"]
               from kind in new[] { "weight", "bias" }
               select $"{layer}.{kind}",
        ];
    }
}
