using MaeLab.Engine.Training;

namespace MaeLab.Engine.Tests.Training;

public sealed class VerifyTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("mae_rgb32_p8.safetensors")]
    [InlineData("mae_rgb32_p8_rawpix.safetensors")]
    public void Verify_reference_file_is_within_tolerance(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", name));
        var deviations = Verify.Run(file);
        foreach (var deviation in deviations)
        {
            output.WriteLine($"{deviation.Quantity}: {deviation.Difference:G3} (tolerance {deviation.Tolerance:G3})");
        }

        Assert.Equal(["latent", "mask", "ids_restore", "pred", "gradients", "losses", "final weights", "final key biases"], deviations.Select(deviation => deviation.Quantity));
        Assert.All(deviations, deviation => Assert.True(deviation.IsWithin, deviation.ToString()));
    }
}
