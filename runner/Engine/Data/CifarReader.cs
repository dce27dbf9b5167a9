using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Data;

/// <summary>
/// The binary files of CIFAR-10 (a record is the label, then 1024 red, 1024 green and 1024 blue values, row by row) and
/// CIFAR-100 (coarse label, fine label, then the same).
/// </summary>
public static class CifarReader
{
    /// <param name="paths">Files that follow one another.</param>
    /// <param name="labelBytes">Bytes of labels before the pixels; the last one is the class.</param>
    /// <param name="count">Images that must be there in all.</param>
    public static ImageSet Read(IReadOnlyList<string> paths, DatasetInfo info, int labelBytes, int count)
    {
        var imageBytes = info.Channels * info.Size * info.Size;
        var pixels = new byte[count * imageBytes];
        var labels = new int[count];
        var perFile = count / paths.Count;
        var image = 0;
        foreach (var path in paths)
        {
            var bytes = Content(path, perFile * (labelBytes + imageBytes));
            for (var at = 0; at < bytes.Length; at += labelBytes + imageBytes, image++)
            {
                labels[image] = bytes[at + labelBytes - 1];
                if (labels[image] >= info.Classes)
                {
                    throw Bad(path, $"the label at byte {at + labelBytes - 1} is {labels[image]}, expected 0 to {info.Classes - 1}");
                }

                bytes.AsSpan(at + labelBytes, imageBytes).CopyTo(pixels.AsSpan(image * imageBytes));
            }
        }

        return new MemoryImages(info.Channels, info.Size, pixels, labels);
    }

    private static byte[] Content(string path, int expected)
    {
        try
        {
            var length = new FileInfo(path).Length;
            return length == expected ? File.ReadAllBytes(path) : throw Bad(path, $"expected exactly {expected} bytes, found {length}");
        }
        catch (IOException exception)
        {
            throw new TrainingFailedException(ReasonCode.BadData, $"{path}: unreadable: {exception.Message}", exception);
        }
    }

    private static TrainingFailedException Bad(string path, string what) => new(ReasonCode.BadData, $"{path}: {what}.");
}
