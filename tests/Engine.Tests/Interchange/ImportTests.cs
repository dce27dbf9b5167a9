using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Interchange;
using MaeLab.Engine.Model;
using MaeLab.Engine.Tests.Training;

namespace MaeLab.Engine.Tests.Interchange;

public sealed class ImportTests
{
    private static readonly byte[] s_checkpoint = Exchanged.Checkpoint(Jobs.Small);
    private static readonly Recipe s_other = Jobs.Small with { Seed = 9, Epochs = 2 };

    [Theory]
    [InlineData(NameScheme.Mae)]
    [InlineData(NameScheme.Hf)]
    public void Run_brings_back_what_was_exported(NameScheme scheme)
    {
        var (result, checkpoint) = Import(Exchanged.Export(s_checkpoint, scheme, encoderOnly: false), s_other);

        Assert.Equal((scheme, false), (result.Scheme, result.EncoderOnly));
        var saved = Exchanged.Read(s_checkpoint);
        Assert.All(Exchanged.Read(checkpoint), pair =>
            Assert.Equal(pair.Key.StartsWith("optim.", StringComparison.Ordinal) ? new byte[pair.Value.Bytes.Length] : saved[pair.Key].Bytes, pair.Value.Bytes));
    }

    [Theory]
    [InlineData(NameScheme.Mae)]
    [InlineData(NameScheme.Hf)]
    public void Run_of_an_encoder_takes_the_decoder_from_the_recipes_seed(NameScheme scheme)
    {
        var (result, checkpoint) = Import(Exchanged.Export(s_checkpoint, scheme, encoderOnly: true), s_other);

        Assert.True(result.EncoderOnly);
        var saved = Exchanged.Read(s_checkpoint);
        var shape = MaeShape.Of(s_other, 1);
        var imported = Exchanged.Read(checkpoint);
        Assert.All(MaeParameters.Of(shape), parameter => Assert.Equal(
            MaeParameters.MakesFeatures(parameter.Name) ? Exchanged.Floats(saved[parameter.Name].Bytes) : Initialization.Values(parameter, shape, seed: 9),
            Exchanged.Floats(imported[parameter.Name].Bytes)));
    }

    [Fact]
    public void Run_makes_a_checkpoint_that_training_goes_on_from()
    {
        var sink = new RecordingSink();
        var (_, checkpoint) = Import(Exchanged.Export(s_checkpoint, NameScheme.Mae, encoderOnly: true), s_other);
        var outcome = Jobs.Run(s_other, sink, checkpoint);

        Assert.True(outcome.Completed);
        Assert.Equal(1, sink.Points[0].Step);
        Assert.NotEqual(Jobs.Run(s_other, new RecordingSink()).WeightsSha256, outcome.WeightsSha256);
    }

    /// <summary>Targets and mask tokens are the recipe's own where the file is an encoder.</summary>
    [Fact]
    public void Run_of_an_encoder_fits_any_decoder()
    {
        var recipe = s_other with { Target = ReconstructionTarget.Pca, EncoderMaskTokens = true, Decoder = new(32, 2, 4) };
        var (_, checkpoint) = Import(Exchanged.Export(s_checkpoint, NameScheme.Hf, encoderOnly: true), recipe);

        Assert.True(Jobs.Run(recipe, new RecordingSink(), checkpoint).Completed);
    }

    [Fact]
    public void Run_of_another_model_lists_what_differs()
    {
        AssertRefused("has other shapes: 'decoder_blocks.0.attn.proj.bias' is F32 [16] and not F32 [24]", s_other with { Decoder = new(24, 1, 2) });
        AssertRefused("lacks 'blocks.2.norm1.weight', 'blocks.2.norm1.bias', 'blocks.2.attn.qkv.weight', 'blocks.2.attn.qkv.bias', 'blocks.2.attn.proj.weight' and 7 more",
            s_other with { Encoder = new(32, 3, 2) });
        AssertRefused("lacks 'encoder_mask_token'; it has what the model has not: 'mask_token'", s_other with { EncoderMaskTokens = true });
    }

    [Theory]
    [InlineData("norm.weight", null, "lacks 'norm.weight'")]
    [InlineData("mask_token", null, "lacks 'mask_token'")]
    [InlineData("norm.weight", "head.weight", "it has what the model has not: 'head.weight'")]
    public void Run_of_a_file_with_a_tensor_missing_or_renamed_names_it(string name, string? otherName, string why)
    {
        var tensors = Exchanged.Read(Exchanged.Export(s_checkpoint, NameScheme.Mae, encoderOnly: false)).Values
            .Where(tensor => otherName is not null || tensor.Entry.Name != name)
            .Select(tensor => (tensor.Entry.Name == name ? otherName! : tensor.Entry.Name, tensor.Entry.Type, tensor.Entry.Shape, tensor.Bytes));
        AssertRefused(why, s_other, Exchanged.Write(tensors));
    }

    [Fact]
    public void Run_of_other_numbers_than_fp32_is_refused()
    {
        var tensors = Exchanged.Read(Exchanged.Export(s_checkpoint, NameScheme.Mae, encoderOnly: false)).Values
            .Select(tensor => (tensor.Entry.Name, "F16", tensor.Entry.Shape, tensor.Bytes[..(tensor.Bytes.Length / 2)]));
        AssertRefused("'blocks.0.attn.proj.bias' is F16 [32] and not F32 [32]", s_other, Exchanged.Write(tensors));
    }

    private static (ImportResult Result, byte[] Checkpoint) Import(byte[] file, Recipe recipe)
    {
        using var checkpoint = new MemoryStream();
        var dataset = new DatasetLocator(new Dictionary<string, string>()).Open(recipe.Dataset.Name, recipe.Dataset.Limit);
        return (Engine.Interchange.Import.Run(new MemoryStream(file), recipe, dataset, checkpoint), checkpoint.ToArray());
    }

    private static void AssertRefused(string why, Recipe recipe, byte[]? file = null)
    {
        var failure = Assert.Throws<InvalidDataException>(() => Import(file ?? Exchanged.Export(s_checkpoint, NameScheme.Mae, encoderOnly: false), recipe));
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }
}
