using MaeLab.Domain.Recipes;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;

namespace MaeLab.Engine.Tests.Evaluation;

public sealed class SharedMasksTests
{
    private const int Size = 28;
    private const int Images = 100;

    [Theory]
    [InlineData(2, 49)]
    [InlineData(4, 12)]
    [InlineData(7, 4)]
    [InlineData(14, 1)]
    public void Masks_leave_a_quarter_visible_and_belong_to_their_image(int patchSize, int visible)
    {
        var all = SharedMasks.Plan(Shape(patchSize), [.. Enumerable.Range(0, Images)]);
        var one = SharedMasks.Plan(Shape(patchSize), [17]);

        Assert.Equal(visible, all.Visible);
        Assert.Equal(all.Order.Chunk(all.Patches).ElementAt(17), one.Order);
        Assert.NotEqual(one.Order, all.Order.Chunk(all.Patches).ElementAt(18));
    }

    /// <summary>Of a pixel that either sees, how often both do: a quarter each, drawn apart, would make 1 in 7.</summary>
    [Theory]
    [InlineData(2, 4, 0.5)]
    [InlineData(4, 7, 0.35)]
    [InlineData(2, 7, 0.35)]
    public void Masks_of_different_patch_sizes_overlap(int one, int other, double least)
    {
        int both = 0, either = 0;
        foreach (var (first, second) in Seen(one).Zip(Seen(other)))
        {
            both += first && second ? 1 : 0;
            either += first || second ? 1 : 0;
        }

        Assert.InRange((double)both / either, least, 1);
    }

    /// <summary>No place of the image is favoured.</summary>
    [Fact]
    public void Masks_are_even_over_the_image()
    {
        const int many = 2_000;
        var plan = SharedMasks.Plan(Shape(4), [.. Enumerable.Range(0, many)]);
        var mask = plan.Mask();
        var shares = Enumerable.Range(0, plan.Patches).Select(patch => Enumerable.Range(0, many).Average(image => 1 - mask[(image * plan.Patches) + patch])).ToList();

        // Five standard deviations of a share of 12/49 over 2,000 images.
        Assert.All(shares, share => Assert.Equal(12.0 / 49, share, 5 * Math.Sqrt(0.245 * 0.755 / many)));
    }

    /// <returns>For every pixel of every image, whether it is visible.</returns>
    private static IEnumerable<bool> Seen(int patchSize)
    {
        var shape = Shape(patchSize);
        var plan = SharedMasks.Plan(shape, [.. Enumerable.Range(0, Images)]);
        var mask = plan.Mask();
        return Enumerable.Range(0, Images * Size * Size).Select(n =>
        {
            var (image, row, column) = (n / (Size * Size), n / Size % Size, n % Size);
            return mask[(image * plan.Patches) + (row / patchSize * shape.Grid) + (column / patchSize)] == 0;
        });
    }

    private static MaeShape Shape(int patchSize) => new(Size, 1, patchSize, new TransformerShape(16, 1, 1), new TransformerShape(16, 1, 1));
}
