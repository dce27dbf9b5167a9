using System.Text.Json;
using MaeLab.Domain;
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

    /// <summary>Draw by draw, over the same masks: sum over visible patches of |z_n - z_L|^2 over that of |z_L|^2.</summary>
    [Fact]
    public void Errors_are_those_of_double_precision()
    {
        var subject = New();
        var images = subject.Choose(subject.Traced);
        var reference = new QuadratureReference(subject, images);
        int[] all = [.. Enumerable.Range(0, subject.Shape.Patches)];
        var whole = images.Select((_, n) => reference.Of(n, all)).ToArray();
        var details = JsonSerializer.Deserialize<QuadratureDetails>(QuadratureConsistency.Run(subject, Free).Single().Details, JsonDefaults.Options)!;

        Assert.Equal(4, details.Points.Count);
        Assert.All(details.Points, point => Assert.Equal(1, point.FirstLayer / Enumerable.Range(0, details.Draws).Average(draw => Error(point.Visible, draw)), 1e-3));

        double Error(int visible, int draw)
        {
            var order = subject.RandomMask(images, visible, draw).Plan.Order.Chunk(subject.Shape.Patches).ToArray();
            double between = 0, length = 0;
            for (var n = 0; n < images.Length; n++)
            {
                var kept = order[n][..visible];
                foreach (var (part, full) in reference.Of(n, kept).Zip(kept.Select(patch => whole[n][patch])))
                {
                    between += part.Zip(full, (a, b) => (a - b) * (a - b)).Sum();
                    length += full.Sum(value => value * value);
                }
            }

            return between / length;
        }
    }

    [Fact]
    public void Encoder_with_mask_tokens_has_no_such_error() =>
        Assert.Empty(QuadratureConsistency.Run(New(Training.Jobs.Small with { EncoderMaskTokens = true }), Free));
}
