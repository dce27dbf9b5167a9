namespace MaeLab.Contracts.Facts;

/// <summary>A data set that a runner can read. Size: side of its square images in pixels; 0 where they differ in size.</summary>
public sealed record OfferedDataset(string Name, int Channels, int Size, int Classes, int TrainImages, int ProbeImages);
