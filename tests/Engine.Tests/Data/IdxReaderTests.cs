using System.Buffers.Binary;
using System.IO.Compression;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Data;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Tests.Data;

public sealed class IdxReaderTests
{
    private static readonly byte[] s_pixels = [.. Enumerable.Range(0, 3 * 4 * 4).Select(value => (byte)(value * 5))];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_plain_or_packed_gives_the_pixels(bool packed)
    {
        var file = File(0x0803, [3, 4, 4], s_pixels);
        Assert.Equal(s_pixels, IdxReader.Images(new MemoryStream(packed ? Pack(file) : file), "images", count: 3, side: 4));
    }

    [Fact]
    public void Images_truncated_says_how_much_is_missing() =>
        AssertBad(File(0x0803, [3, 4, 4], s_pixels)[..^10], "images: truncated: expected 48 bytes after the header, found 38.");

    [Fact]
    public void Images_with_half_a_header_says_so() =>
        AssertBad(File(0x0803, [3, 4, 4], s_pixels)[..7], "images: truncated: the header takes 16 bytes, found 7.");

    [Fact]
    public void Images_empty_says_so() => AssertBad([], "images: truncated: the header takes 16 bytes, found 0.");

    [Fact]
    public void Images_with_another_magic_names_both() =>
        AssertBad(File(0x0801, [3, 4, 4], s_pixels), "images: expected magic 0x00000803 (unsigned bytes, 3 dimension(s)), found 0x00000801.");

    [Fact]
    public void Images_of_another_count_names_both() =>
        AssertBad(File(0x0803, [2, 4, 4], s_pixels[..32]), "images: expected size 3 in dimension 1 of 3, found 2.");

    [Fact]
    public void Images_of_another_size_names_both() =>
        AssertBad(File(0x0803, [3, 4, 5], new byte[60]), "images: expected size 4 in dimension 3 of 3, found 5.");

    [Fact]
    public void Images_with_bytes_left_over_is_refused() =>
        AssertBad([.. File(0x0803, [3, 4, 4], s_pixels), 0], "images: longer than the 48 bytes after the header that its sizes ask for.");

    [Fact]
    public void Images_with_a_truncated_archive_is_refused()
    {
        // Within the last bytes of an archive only the end mark and a checksum are lost, no pixels.
        var packed = Pack(File(0x0803, [3, 4, 4], s_pixels));
        foreach (var length in Enumerable.Range(0, packed.Length - 12))
        {
            var failure = Assert.Throws<TrainingFailedException>(() => IdxReader.Images(new MemoryStream(packed[..length]), "images", 3, 4));
            Assert.Equal(ReasonCode.BadData, failure.Reason);
            Assert.StartsWith("images: ", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Labels_beyond_the_classes_are_refused()
    {
        Assert.Equal([1, 9, 0], IdxReader.Labels(new MemoryStream(File(0x0801, [3], [1, 9, 0])), "labels", count: 3, classes: 10));

        var failure = Assert.Throws<TrainingFailedException>(() => IdxReader.Labels(new MemoryStream(File(0x0801, [3], [1, 10, 0])), "labels", 3, 10));
        Assert.Equal("labels: label 1 is 10, expected 0 to 9.", failure.Message);
    }

    private static void AssertBad(byte[] file, string message)
    {
        var failure = Assert.Throws<TrainingFailedException>(() => IdxReader.Images(new MemoryStream(file), "images", 3, 4));
        Assert.Equal(ReasonCode.BadData, failure.Reason);
        Assert.Equal(message, failure.Message);
    }

    private static byte[] File(int magic, int[] sizes, byte[] content)
    {
        var header = new byte[4 + (4 * sizes.Length)];
        BinaryPrimitives.WriteInt32BigEndian(header, magic);
        for (var i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), sizes[i]);
        }

        return [.. header, .. content];
    }

    private static byte[] Pack(byte[] file)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        {
            gzip.Write(file);
        }

        return stream.ToArray();
    }
}
