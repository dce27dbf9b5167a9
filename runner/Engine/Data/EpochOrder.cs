namespace MaeLab.Engine.Data;

/// <summary>The order in which an epoch goes through the training images.</summary>
public static class EpochOrder
{
    /// <returns>A permutation of 0 .. count - 1, a function of seed and epoch only.</returns>
    public static int[] Of(long seed, long epoch, int count)
    {
        var keys = new ulong[count];
        var order = new int[count];
        for (var image = 0; image < count; image++)
        {
            keys[image] = CounterRandom.Of(seed, RandomPurpose.ImageOrder, epoch, image).Bits(0);
            order[image] = image;
        }

        // Equal 64-bit keys do not happen (1e-10 for 60,000 images), and would only swap two neighbours.
        Array.Sort(keys, order);
        return order;
    }
}
