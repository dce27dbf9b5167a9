using System.Security.Cryptography;

namespace MaeLab.Engine.Data;

/// <summary>Images that are decoded whenever they are asked for.</summary>
internal sealed class StreamedImages(ImageFiles files) : ImageSet(ImageDecoder.Channels, files.Labels)
{
    public override StoredImage Image(int index, ImageDecoder decoder) => decoder.Decode(files.Path(index));

    public override StreamedImages Slice(int first, int count) => new(files.Slice(first, count));

    public override void AddTo(IncrementalHash hash) => files.AddTo(hash);
}
