using System.Runtime.InteropServices;
using MaeLab.Engine.Formats;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Tests.Training;

/// <summary>
/// The files <c>mae_*</c> come from the public implementation, those called <c>plain_*</c> from Interchange/make_reference.py: other sizes,
/// channels, losses and hidden widths.
/// </summary>
public sealed class VerifyTests(ITestOutputHelper output)
{
    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures");

    public static TheoryData<string> Files { get; } = [.. Directory.GetFiles(Folder, "*.safetensors").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Verify_reference_file_is_within_tolerance(string name)
    {
        var deviations = Run(Read(name));
        foreach (var deviation in deviations)
        {
            output.WriteLine($"{deviation.Quantity}: {deviation.Difference:G3} (tolerance {deviation.Tolerance:G3})");
        }

        Assert.Equal(["latent", "mask", "ids_restore", "pred", "gradients", "losses", "final weights", "final key biases"], deviations.Select(deviation => deviation.Quantity));
        Assert.All(deviations, deviation => Assert.True(deviation.IsWithin, deviation.ToString()));
    }

    [Theory]
    [InlineData("expected/latent", "latent")]
    [InlineData("expected/mask", "mask")]
    [InlineData("expected/pred", "pred")]
    [InlineData("expected/grad/blocks.0.mlp.fc1.weight", "gradients")]
    [InlineData("expected/losses", "losses")]
    [InlineData("expected/final/cls_token", "final weights")]
    public void Verify_names_the_quantity_that_differs(string tensor, string quantity)
    {
        foreach (var value in new[] { 2e-4f, float.NaN })
        {
            var file = Read("plain_rgb24_p8_mlp3.safetensors");
            var entry = Header(file).Entries.Single(entry => entry.Name == tensor);
            ref var first = ref MemoryMarshal.Cast<byte, float>(Content(file)[(int)entry.Begin..])[0];
            first += value;

            Assert.Equal([quantity], Run(file).Where(deviation => !deviation.IsWithin).Select(deviation => deviation.Quantity));
        }
    }

    [Theory]
    [InlineData("img_size", "25", "patches must divide the image")]
    [InlineData("img_size", "32", "Tensor 'input/images' is F32 [3, 2, 3, 24, 24]; the metadata ask for F32 [3, 2, 3, 32, 32].")]
    [InlineData("num_heads", "5", "the heads the widths")]
    [InlineData("depth", "0", "Metadata 'depth' is not a count: '0'.")]
    [InlineData("depth", "2", "lacks the tensor 'model/blocks.1")]
    [InlineData("mlp_ratio", "4", "Tensor 'model/blocks.0.mlp.fc1.weight' is F32 [96, 32]; the metadata ask for F32 [128, 32].")]
    [InlineData("lr", "much", "Metadata 'lr' is not a number: 'much'.")]
    [InlineData("format", "other", "Not a reference file")]
    [InlineData("norm_pix_loss", "maybe", "Metadata 'norm_pix_loss' is neither true nor false: 'maybe'.")]
    [InlineData("weight_decay", "NaN", "Metadata 'weight_decay' is not a number: 'NaN'.")]
    [InlineData("depth", "2147483647", "more blocks than the file has tensors")]
    [InlineData("embed_dim", "2147483640", "the metadata ask for F32 [")]
    public void Verify_of_a_file_at_odds_with_itself_says_so(string key, string value, string why) =>
        Assert.Contains(why, Assert.Throws<InvalidDataException>(() => Run(With(key, value))).Message, StringComparison.Ordinal);

    /// <summary>Whatever the metadata say: the caller tells a file that cannot be read by one kind of exception.</summary>
    [Fact]
    public void Verify_of_any_metadata_computes_or_refuses_the_file()
    {
        var keys = Header(Read("plain_rgb24_p8_mlp3.safetensors")).Metadata.Keys;
        foreach (var (key, value) in keys.SelectMany(key => new[] { "", "x", "-1", "0", "1", "7", "1e300", "-inf", "2147483647", "99999999999", "true" }.Select(value => (key, value))))
        {
            try
            {
                Run(With(key, value));
            }
            catch (Exception exception) when (exception is not InvalidDataException)
            {
                Assert.Fail($"{key} = '{value}': {exception}");
            }
            catch (InvalidDataException)
            {
                // Refused.
            }
        }
    }

    private static byte[] With(string key, string value)
    {
        var reader = new SafetensorsReader(new MemoryStream(Read("plain_rgb24_p8_mlp3.safetensors")));
        var metadata = new Dictionary<string, string>(reader.Header.Metadata) { [key] = value };
        using var changed = new MemoryStream();
        SafetensorsWriter.Write(changed,
            [.. reader.ReadAll().Values.Select(tensor => new TensorToWrite(tensor.Entry.Name, tensor.Entry.Type, tensor.Entry.Shape, stream => stream.Write(tensor.Bytes)))], metadata);

        return changed.ToArray();
    }

    private static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    private static IReadOnlyList<Deviation> Run(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return Verify.Run(stream);
    }

    private static SafetensorsHeader Header(byte[] file) => new SafetensorsReader(new MemoryStream(file)).Header;

    private static Span<byte> Content(byte[] file) => file.AsSpan()[^(int)Header(file).ContentBytes..];
}
