namespace MaeLab.Engine.Data;

/// <summary>Decoded images in a memory-mapped file: the operating system keeps in memory what is used.</summary>
internal sealed class MappedImages(PixelFile file, ReadOnlyMemory<int> labels, int begin = 0) : ImageSet(ImageDecoder.Channels, labels)
{
    public override StoredImage Image(int index, ImageDecoder decoder) => file.Image(begin + index);

    public override MappedImages Slice(int first, int count) => new(file, Labels.Slice(first, count), begin + first);

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }
}
