namespace MaeLab.Domain.Metrics;

/// <summary>Errors of the gallery's images by patch; patch l = i g + j lies in row i and column j.</summary>
/// <param name="PatchSize">p, pixels along a side.</param>
/// <param name="Grid">g, patches along a side.</param>
/// <param name="Images">By gallery index.</param>
public sealed record PatchErrors(int PatchSize, int Grid, IReadOnlyList<ImageErrors> Images)
{
    /// <summary>The patches of an image that the model had to guess.</summary>
    public IEnumerable<RemovedPatch> Removed(int image)
    {
        var (errors, visible) = (Images[image].Errors, Images[image].Visible);
        return Enumerable.Range(0, errors.Count).Except(visible)
            .Select(patch => new RemovedPatch(patch, errors[patch], Math.Sqrt(visible.Min(seen => SquaredDistance(patch, seen)))));
    }

    private int SquaredDistance(int from, int to)
    {
        var (rows, columns) = ((from / Grid) - (to / Grid), (from % Grid) - (to % Grid));
        return (rows * rows) + (columns * columns);
    }
}

/// <param name="Errors">[L], mean squared error of each patch in pixels of [0, 1]; null where it was not a number.</param>
/// <param name="Visible">The patches that the model saw, rising.</param>
public sealed record ImageErrors(IReadOnlyList<double?> Errors, IReadOnlyList<int> Visible);

/// <param name="Distance">From its centre to that of the nearest visible patch, in patches.</param>
public sealed record RemovedPatch(int Patch, double? Error, double Distance);
