using MaeLab.Engine.Data;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Native;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Evaluation;

public sealed class InverseDistanceTests
{
    private const int Rows = 6;
    private const int Columns = 9;

    public InverseDistanceTests() => NativeThreads.Prepare();

    [Fact]
    public void Fill_is_the_mean_of_all_visible_places_by_the_fourth_power_of_their_inverse_distance()
    {
        var random = CounterRandom.Of(1, RandomPurpose.Crop);
        float[] values = [.. Enumerable.Range(0, 2 * Rows * Columns).Select(n => (float)random.Unit(n))];
        float[] removed = [.. Enumerable.Range(0, Rows * Columns).Select(n => random.Unit(1000 + n) < 0.8 ? 1f : 0f)];

        var filled = Fill(values, channels: 2, removed);

        for (var n = 0; n < filled.Length; n++)
        {
            var (channel, place) = (n / (Rows * Columns) * Rows * Columns, n % (Rows * Columns));
            double sum = 0, weights = 0;
            for (var other = 0; other < removed.Length && removed[place] == 1; other++)
            {
                var squared = Math.Pow((place / Columns) - (other / Columns), 2) + Math.Pow((place % Columns) - (other % Columns), 2);
                var weight = removed[other] == 0 ? 1 / (squared * squared) : 0;
                (sum, weights) = (sum + (weight * values[channel + other]), weights + weight);
            }

            Assert.Equal(removed[place] == 1 ? sum / weights : values[n], filled[n], 1e-6);
        }
    }

    [Fact]
    public void Fill_meets_a_plane_where_visible_places_lie_evenly_around()
    {
        float[] plane = [.. Enumerable.Range(0, Rows * Columns).Select(n => (2f * (n / Columns)) + (0.5f * (n % Columns)))];
        var removed = new float[plane.Length];
        var hole = (2 * Columns) + 4;
        removed[hole] = 1;

        // The last row has no counterpart around the hole.
        Array.Fill(removed, 1, (Rows - 1) * Columns, Columns);

        Assert.Equal(plane[hole], Fill(plane, 1, removed)[hole], 1e-5);
    }

    [Fact]
    public void Fill_spreads_a_lone_visible_place_over_all()
    {
        var removed = Enumerable.Repeat(1f, Rows * Columns).ToArray();
        removed[40] = 0;
        var values = new float[Rows * Columns];
        values[40] = 0.7f;

        Assert.All(Fill(values, 1, removed), value => Assert.Equal(0.7, value, 1e-6));
    }

    private static float[] Fill(float[] values, int channels, float[] removed)
    {
        using var scope = NewDisposeScope();
        return [.. InverseDistance.Fill(tensor(values, [1, channels, Rows, Columns]), tensor(removed, [1, 1, Rows, Columns])).data<float>()];
    }
}
