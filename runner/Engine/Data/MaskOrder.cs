using MaeLab.Domain.Recipes;
using MaeLab.Engine.Model;

namespace MaeLab.Engine.Data;

/// <summary>
/// In which order the patches of an image are given up (MAE paper, Table 1f): the first K of an order are visible. An order does
/// not depend on the mask ratio, so masks are nested: what is visible at 90 % is visible at 75 %.
/// </summary>
public static class MaskOrder
{
    /// <summary>The masks of a batch; each image's depends on its own stream of random numbers only.</summary>
    public static MaskPlan Plan(MaskSampler sampler, int grid, int visible, IReadOnlyList<CounterRandom> streams)
    {
        var patches = grid * grid;
        var order = new int[streams.Count * patches];
        for (var image = 0; image < streams.Count; image++)
        {
            Fill(sampler, grid, streams[image], order.AsSpan(image * patches, patches));
        }

        return new(streams.Count, patches, visible, order);
    }

    /// <summary>Orders by rising noise, equal values by position (MAE's argsort).</summary>
    /// <param name="noise">[N, L]</param>
    public static MaskPlan FromNoise(ReadOnlySpan<float> noise, int images, int visible)
    {
        var patches = noise.Length / images;
        var order = new int[noise.Length];
        var keys = new double[patches];
        for (var image = 0; image < images; image++)
        {
            for (var patch = 0; patch < patches; patch++)
            {
                keys[patch] = noise[(image * patches) + patch];
            }

            Sort(keys, order.AsSpan(image * patches, patches));
        }

        return new(images, patches, visible, order);
    }

    private static void Fill(MaskSampler sampler, int grid, CounterRandom random, Span<int> order)
    {
        switch (sampler)
        {
            case MaskSampler.Random:
                var noise = new double[order.Length];
                for (var patch = 0; patch < noise.Length; patch++)
                {
                    noise[patch] = random.Unit(patch);
                }

                Sort(noise, order);
                break;
            case MaskSampler.Grid:
                Regular(grid, random, order);
                break;
            case MaskSampler.Block:
                Blocks(grid, random, order);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(sampler), sampler, "Unknown mask sampler.");
        }
    }

    /// <summary>
    /// Keeps one patch of every 2 x 2 before a second one of any, in an ordered-dither pattern whose phase differs from image to
    /// image; among equals the noise decides. At a ratio of 0.75 this is the paper's grid-wise sampling.
    /// </summary>
    private static void Regular(int grid, CounterRandom random, Span<int> order)
    {
        ReadOnlySpan<int> rank = [0, 2, 3, 1];
        int rowPhase = random.Below(order.Length, 2), columnPhase = random.Below(order.Length + 1, 2);
        var keys = new double[order.Length];
        for (var patch = 0; patch < keys.Length; patch++)
        {
            int row = ((patch / grid) + rowPhase) % 2, column = ((patch % grid) + columnPhase) % 2;
            keys[patch] = rank[(2 * row) + column] + random.Unit(patch);
        }

        Sort(keys, order);
    }

    /// <summary>
    /// Gives up rectangles at random places, of at least a sixteenth and at most a third of the image and of a ratio of
    /// 0.3 to 3.3 (as in BEiT, Bao et al. 2021), until nothing is left.
    /// </summary>
    private static void Blocks(int grid, CounterRandom random, Span<int> order)
    {
        var last = order.Length;
        var given = new bool[order.Length];
        for (long draw = 0; last > 0; draw += 4)
        {
            var area = order.Length * ((1 / 16.0) + (random.Unit(draw) * ((1 / 3.0) - (1 / 16.0))));
            var ratio = Math.Exp((2 * random.Unit(draw + 1) - 1) * Math.Log(1 / 0.3));
            var height = Math.Clamp((int)Math.Round(Math.Sqrt(area * ratio)), 1, grid);
            var width = Math.Clamp((int)Math.Round(Math.Sqrt(area / ratio)), 1, grid);
            int top = random.Below(draw + 2, grid - height + 1), left = random.Below(draw + 3, grid - width + 1);
            for (var row = top; row < top + height; row++)
            {
                for (var column = left; column < left + width; column++)
                {
                    var patch = (row * grid) + column;
                    if (!given[patch])
                    {
                        given[patch] = true;
                        order[--last] = patch;
                    }
                }
            }
        }
    }

    private static void Sort(double[] keys, Span<int> order)
    {
        for (var patch = 0; patch < order.Length; patch++)
        {
            order[patch] = patch;
        }

        // Introsort is not stable: position breaks ties, so that the order is the same everywhere.
        order.Sort((left, right) => keys[left] != keys[right] ? keys[left].CompareTo(keys[right]) : left.CompareTo(right));
    }
}
