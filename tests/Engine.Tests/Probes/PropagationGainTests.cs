using MaeLab.Engine.Model;
using MaeLab.Engine.Probes;

namespace MaeLab.Engine.Tests.Probes;

public sealed class PropagationGainTests : SubjectTest
{
    /// <summary>Of blocks that add nothing every layer is the embedding, and so is its gain.</summary>
    [Fact]
    public void Identity_blocks_pass_a_disturbance_on_as_it_is()
    {
        var subject = New(values: IdentityBlocks);
        var images = subject.Choose(4);
        var (input, mask) = (subject.Images(images), subject.GalleryMask(images));
        BlockTrace clean = new(), disturbed = new();
        subject.Model.Encode(subject.Weights, input, mask, clean);
        subject.Model.Encode(subject.Weights, input * 1.01, mask, disturbed);

        var measure = PropagationGain.Of(clean, disturbed, 0.01);

        Assert.Equal([measure.Gain[0], measure.Gain[0]], measure.Gain[1..]);
        Assert.All(measure.AttentionSteps.Concat(measure.MlpSteps), step => Assert.Equal(0, step));
        Assert.InRange(measure.Gain[0], 0.1, 1);
    }

    [Fact]
    public void Gain_and_steps_are_those_of_double_precision()
    {
        double[][][] states = [Random(1, 12, 4), Random(2, 12, 4)], others = [Random(3, 12, 4), Random(4, 12, 4)];
        var middle = Random(5, 12, 4);

        var measure = PropagationGain.Of(Trace(states, middle), Trace(others, middle), 0.02);

        for (var layer = 0; layer < 2; layer++)
        {
            Assert.Equal(Distance(states[layer], others[layer]) / Math.Sqrt(Energy(states[layer])) / 0.02, measure.Gain[layer], 1e-3);
        }

        Assert.Equal(Distance(middle, states[0]) / Math.Sqrt(Energy(states[0])), Assert.Single(measure.AttentionSteps), 1e-5);
        Assert.Equal(Distance(middle, states[1]) / Math.Sqrt(Energy(states[0])), Assert.Single(measure.MlpSteps), 1e-5);

        static double Distance(double[][] left, double[][] right) => Math.Sqrt(Energy([.. left.Zip(right, (a, b) => a.Zip(b, (x, y) => x - y).ToArray())]));
    }

    /// <summary>Where every layer is its input, a gain of the images themselves is 1.</summary>
    [Fact]
    public void Layers_equal_to_the_images_have_a_gain_of_one()
    {
        double[][] images = Random(1, 6, 8), noise = [.. Random(2, 6, 8).Select(row => row.Select(value => value * 0.01).ToArray())];
        double[][] disturbed = [.. images.Zip(noise, (image, change) => image.Zip(change, (a, b) => a + b).ToArray())];
        Assert.Equal(1, PropagationGain.Of(Trace([images, images], images), Trace([disturbed, disturbed], disturbed), Math.Sqrt(Energy(noise) / Energy(images))).Gain[1], 1e-4);
    }

    private static BlockTrace Trace(double[][][] states, double[][] middle)
    {
        var trace = new BlockTrace();
        foreach (var state in states)
        {
            trace.AddState(Single(state).view(2, -1, state[0].Length));
        }

        trace.AddMiddle(Single(middle).view(2, -1, middle[0].Length));
        return trace;
    }
}
