using System.Buffers.Binary;
using System.IO.Compression;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Data;

/// <summary>
/// The IDX files of MNIST and Fashion-MNIST, plain or gzip: magic (0, 0, element type, dimensions), big-endian int32 sizes, then the
/// bytes, last dimension fastest (http://yann.lecun.com/exdb/mnist). Strict: whatever deviates is <see cref="ReasonCode.BadData"/>.
/// </summary>
public static class IdxReader
{
    private const int ImagesMagic = 0x0803;
    private const int LabelsMagic = 0x0801;

    /// <param name="name">What error messages call the file.</param>
    /// <param name="count">Images that must be there.</param>
    /// <returns>[count, side, side]</returns>
    public static byte[] Images(Stream file, string name, int count, int side) =>
        Read(file, name, ImagesMagic, [count, side, side]);

    /// <param name="classes">Every label must be below.</param>
    public static byte[] Labels(Stream file, string name, int count, int classes)
    {
        var labels = Read(file, name, LabelsMagic, [count]);
        var wrong = labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1));
        return wrong < 0 ? labels : throw Bad(name, $"label {wrong} is {labels[wrong]}, expected 0 to {classes - 1}");
    }

    private static byte[] Read(Stream file, string name, int magic, int[] sizes)
    {
        using var stream = Unpacked(file);
        try
        {
            Span<byte> header = stackalloc byte[4 + (4 * sizes.Length)];
            var read = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            if (read < header.Length)
            {
                throw Bad(name, $"truncated: the header takes {header.Length} bytes, found {read}");
            }

            var found = BinaryPrimitives.ReadInt32BigEndian(header);
            if (found != magic)
            {
                throw Bad(name, $"expected magic 0x{magic:X8} (unsigned bytes, {sizes.Length} dimension(s)), found 0x{found:X8}");
            }

            for (var dimension = 0; dimension < sizes.Length; dimension++)
            {
                var size = BinaryPrimitives.ReadInt32BigEndian(header[(4 * (dimension + 1))..]);
                if (size != sizes[dimension])
                {
                    throw Bad(name, $"expected size {sizes[dimension]} in dimension {dimension + 1} of {sizes.Length}, found {size}");
                }
            }

            var bytes = new byte[sizes.Aggregate(1, (product, size) => product * size)];
            read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (read < bytes.Length)
            {
                throw Bad(name, $"truncated: expected {bytes.Length} bytes after the header, found {read}");
            }

            return stream.ReadByte() < 0 ? bytes : throw Bad(name, $"longer than the {bytes.Length} bytes after the header that its sizes ask for");
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new TrainingFailedException(ReasonCode.BadData, $"{name}: unreadable (expected a complete IDX file): {exception.Message}", exception);
        }
    }

    /// <summary>The file itself, or its content where it is gzip (1F 8B): the name does not decide.</summary>
    private static Stream Unpacked(Stream file)
    {
        var buffered = new BufferedStream(file, 1 << 16);
        int first = buffered.ReadByte(), second = buffered.ReadByte();
        buffered.Position = 0;
        return (first, second) == (0x1F, 0x8B) ? new GZipStream(buffered, CompressionMode.Decompress) : buffered;
    }

    private static TrainingFailedException Bad(string name, string what) => new(ReasonCode.BadData, $"{name}: {what}.");
}
