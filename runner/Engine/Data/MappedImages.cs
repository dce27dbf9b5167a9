using System.Security.Cryptography;

namespace MaeLab.Engine.Data;

/// <summary>Decoded images in a memory-mapped file: the operating system keeps in memory what is used.</summary>
internal sealed class MappedImages(PixelFile file, ImageFiles files, int begin = 0) : ImageSet(ImageDecoder.Channels, files.Labels)
{
    public override StoredImage Image(int index, ImageDecoder decoder) => file.Image(begin + index);

    public override MappedImages Slice(int first, int count) => new(file, files.Slice(first, count), begin + first);

    public override void AddTo(IncrementalHash hash) => files.AddTo(hash);

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }
}
