using CsCheck;
using MaeLab.Domain.Recipes;

namespace MaeLab.Domain.Tests.Recipes;

public sealed class LearningRateScheduleTests
{
    private static readonly Recipe s_recipe = Some.Recipe with
    {
        Epochs = 100,
        WarmupEpochs = 10,
        BaseLearningRate = 1e-3,
        BatchSize = 128,
        Accumulation = 4,
        MinLearningRate = 1e-5,
    };

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2.5, 0.0005)]
    [InlineData(10, 0.002)]
    [InlineData(55, 0.001005)]
    [InlineData(100, 0.00001)]
    [InlineData(120, 0.00001)]
    public void Rate_follows_warm_up_and_cosine(double epoch, double rate) =>
        Assert.Equal(rate, LearningRateSchedule.At(s_recipe, epoch), tolerance: 1e-12);

    [Fact]
    public void Rate_at_the_very_start_of_a_warm_up_is_exactly_zero() => Assert.Equal(0.0, LearningRateSchedule.At(s_recipe, 0));

    [Fact]
    public void Without_warm_up_the_first_step_has_the_peak_rate() =>
        Assert.Equal(0.002, LearningRateSchedule.At(s_recipe with { WarmupEpochs = 0 }, 0), tolerance: 1e-12);

    [Fact]
    public void Rate_rises_during_warm_up_and_falls_after_it() =>
        Gen.Double[0, 100].Array[2].Where(pair => pair[0] != pair[1]).Sample(pair =>
        {
            var (early, late) = (Math.Min(pair[0], pair[1]), Math.Max(pair[0], pair[1]));
            var change = LearningRateSchedule.At(s_recipe, late) - LearningRateSchedule.At(s_recipe, early);
            Assert.True(late <= 10 ? change >= 0 : early < 10 || change <= 0);
        });
}
