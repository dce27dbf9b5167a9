using static TorchSharp.torch;

namespace MaeLab.Engine.Model;

/// <summary>
/// Images [N, C, S, S] as rows of patches [N, L, P], patch l = i g + j. There are two orders within a patch: the target's, where
/// the channel runs fastest, and that of the patch embedding's weight [D, C, p, p], where it runs slowest.
/// </summary>
public static class Patches
{
    /// <summary>Value (row p + col) C + channel: what the decoder predicts.</summary>
    public static Tensor ForTarget(Tensor images, MaeShape shape) => Cut(images, shape, [0, 2, 4, 3, 5, 1]);

    /// <summary>Value (channel p + row) p + col: what the patch embedding reads.</summary>
    public static Tensor ForEmbedding(Tensor images, MaeShape shape) => Cut(images, shape, [0, 2, 4, 1, 3, 5]);

    /// <summary>The inverse of <see cref="ForTarget"/>.</summary>
    public static Tensor ToImages(Tensor patches, MaeShape shape)
    {
        using var scope = NewDisposeScope();
        long images = patches.shape[0], grid = shape.Grid, side = shape.PatchSize;
        return patches.reshape(images, grid, grid, side, side, shape.Channels)
            .permute(0, 5, 1, 3, 2, 4)
            .reshape(images, shape.Channels, shape.ImageSize, shape.ImageSize)
            .MoveToOuterDisposeScope();
    }

    private static Tensor Cut(Tensor images, MaeShape shape, long[] order)
    {
        using var scope = NewDisposeScope();
        long grid = shape.Grid, side = shape.PatchSize;
        return images.view(images.shape[0], shape.Channels, grid, side, grid, side)
            .permute(order)
            .reshape(images.shape[0], shape.Patches, shape.PatchValues)
            .MoveToOuterDisposeScope();
    }
}
