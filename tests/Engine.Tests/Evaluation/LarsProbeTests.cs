using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Native;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Evaluation;

public sealed class LarsProbeTests
{
    public LarsProbeTests() => NativeThreads.Prepare();

    /// <summary>Norms of 5 and 2 by hand: the matrix takes 0.001 x 5 / 2 of its gradient, the vector all of it; then momentum.</summary>
    [Fact]
    public void Step_scales_matrices_by_the_trust_ratio_and_vectors_not_at_all()
    {
        using var scope = NewDisposeScope();
        Tensor weight = tensor([3f, 4f], [1, 2]), bias = tensor([1f]);
        var lars = new Lars([weight, bias]);

        lars.Step([tensor([0f, 2f], [1, 2]), tensor([0.5f])], learningRate: 2);
        AssertNear([3, 4 - (2 * 0.0025 * 2)], weight);
        AssertNear([0], bias);

        // ||w|| = sqrt(9 + 3.99^2), ||g|| = 1.
        lars.Step([tensor([1f, 0f], [1, 2]), tensor([0f])], learningRate: 1);
        AssertNear([3 - (0.001 * Math.Sqrt(9 + (3.99 * 3.99))), 3.99 - (0.9 * 0.005)], weight);
        AssertNear([-0.9 * 0.5], bias);
    }

    [Fact]
    public void Step_of_a_zero_matrix_takes_the_gradient_as_it_is()
    {
        using var scope = NewDisposeScope();
        var weight = zeros(1, 2);
        new Lars([weight]).Step([tensor([0.25f, -1f], [1, 2])], learningRate: 1);
        AssertNear([-0.25, 1], weight);
    }

    [Fact]
    public void Step_with_weight_decay_decays_matrices_only()
    {
        using var scope = NewDisposeScope();
        Tensor weight = tensor([2f], [1, 1]), bias = tensor([2f]);
        new Lars([weight, bias], weightDecay: 0.5).Step([zeros(1, 1), zeros(1)], learningRate: 1);
        AssertNear([2 - 0.002], weight);
        AssertNear([2], bias);
    }

    [Fact]
    public void Normalization_trains_on_its_batch_and_applies_what_it_has_seen()
    {
        using var scope = NewDisposeScope();
        using var norm = new BatchNormalization(1, CPU);

        AssertNear([-1.2247, 0, 1.2247], norm.Train(tensor([1f, 3f, 5f], [3, 1])), 1e-3);
        AssertNear([0.1 * 3], norm.RunningMean);
        AssertNear([0.9 + (0.1 * 4)], norm.RunningVariance);
        norm.Train(tensor([0f, 0f], [2, 1]));
        AssertNear([0.9 * 0.3], norm.RunningMean);
        AssertNear([0.9 * 1.3], norm.RunningVariance);
        AssertNear([(10 - 0.27) / Math.Sqrt(1.17 + 1e-6)], norm.Apply(tensor([10f], [1, 1])), 1e-4);
    }

    [Theory]
    [InlineData(20, 20)]
    [InlineData(1_000, 32)]
    [InlineData(8_000, 102)]
    [InlineData(1_281_167, 16_384)]
    [InlineData(10_000_000, 16_384)]
    public void Batch_is_the_papers_share_of_the_training_set(int images, int batch) => Assert.Equal(batch, LarsProbe.BatchSize(images));

    [Fact]
    public void Schedule_is_the_papers()
    {
        var schedule = LarsProbe.Schedule(new() { Epochs = 90 });
        Assert.Equal([0, 3.2, 6.4, 3.2, 0], new[] { 0, 5, 10, 50, 90.0 }.Select(epoch => Math.Round(schedule.At(epoch), 9)));
    }

    [Fact]
    public void Probe_separates_what_a_line_can_separate()
    {
        using var scope = NewDisposeScope();
        var random = CounterRandom.Of(1, RandomPurpose.Crop);
        float[] values = [.. Enumerable.Range(0, 512 * 8).Select(n => (float)random.Normal(n))];
        long[] labels = [.. values.Chunk(8).Select(row => row[2] + row[3] > 0 ? 1L : 0L)];
        Tensor features = tensor(values, [512, 8]), targets = tensor(labels);
        using var probe = new LarsProbe(8, classes: 2, seed: 1, CPU);
        var schedule = LarsProbe.Schedule(new LarsProbePlan { Epochs = 90 });
        for (var step = 0; step < 720; step++)
        {
            var first = step % 8 * 64;
            probe.Step(features.narrow(0, first, 64), targets.narrow(0, first, 64), schedule.At(step / 8.0));
        }

        Assert.InRange(probe.Predict(features).Zip(labels).Count(pair => pair.First != pair.Second), 0, 15);
    }

    private static void AssertNear(double[] expected, Tensor actual, double tolerance = 1e-6) =>
        Assert.All(expected.Zip(actual.contiguous().data<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, tolerance));
}
