namespace MaeLab.Domain.Recipes;

/// <param name="Size">Side of the square images in pixels; <see cref="AnySize"/> where they differ in size.</param>
/// <param name="ProbeImages">Held-out labelled images on which probes are scored.</param>
public sealed record DatasetInfo(string Name, int Channels, int Size, int Classes, int TrainImages, int ProbeImages)
{
    public const int AnySize = 0;
}
