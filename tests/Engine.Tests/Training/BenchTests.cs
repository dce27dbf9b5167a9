using MaeLab.Domain.Recipes;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Tests.Training;

public sealed class BenchTests
{
    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void Run_measures_steps_and_the_peak_they_are_held_against(Precision precision)
    {
        var result = Bench.Run(Jobs.Small with { Precision = precision }, channels: 1, threads: 1, steps: 5, TestContext.Current.CancellationToken);

        Assert.Equal((1, 5), (result.Threads, result.Steps));
        Assert.True(result.ImagesPerSecond > 0 && result.MatmulPeakGigaflopsPerSecond > result.GigaflopsPerSecond, result.ToString());
        Assert.Equal(result.GigaflopsPerSecond / result.MatmulPeakGigaflopsPerSecond, result.Utilisation, 1e-9);
        Assert.True(result.StepMilliseconds.P95 >= result.StepMilliseconds.Median);
    }
}
