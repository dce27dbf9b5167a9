using MaeLab.Domain.Metrics;
using MaeLab.Engine.Probes;

namespace MaeLab.Engine.Tests.Probes;

public sealed class QuadratureConsistencyTests : SubjectTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    public void Slope_is_the_power_of_the_errors(double power)
    {
        QuadraturePoint[] points = [.. new[] { 24, 12, 6, 3 }.Select(visible => new QuadraturePoint(visible, 0.3 * Math.Pow((1.0 / visible) - (1 / 49.0), power), 0))];

        Assert.Equal(power, QuadratureConsistency.Slope(points, 49, point => point.FirstLayer)!.Value, 1e-9);
        Assert.Null(QuadratureConsistency.Slope(points, 49, point => point.Encoder));
    }

    /// <summary>Uniform attention is the mean over what is visible, whose error is Monte Carlo's. cls, always there, makes it a little less.</summary>
    [Fact]
    public void Uniform_attention_is_monte_carlo_quadrature()
    {
        var results = QuadratureConsistency.Run(New(values: UniformAttention), Free).ToList();
        Assert.InRange(Assert.Single(results).Value, 0.85, 1.15);
    }

    [Fact]
    public void Encoder_with_mask_tokens_has_no_such_error() =>
        Assert.Empty(QuadratureConsistency.Run(New(Training.Jobs.Small with { EncoderMaskTokens = true }), Free));
}
