namespace MaeLab.Domain.Recipes;

/// <param name="Size">Side of the square images in pixels.</param>
/// <param name="ProbeImages">Held-out labelled images on which probes are scored.</param>
public sealed record DatasetInfo(string Name, int Channels, int Size, int Classes, int TrainImages, int ProbeImages);
