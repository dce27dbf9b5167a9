using System.Buffers.Binary;
using System.Text;

namespace MaeLab.Storage.Tests.Interchange;

/// <summary>One <c>tensorflow.Event</c> of an event file, of which each has a version or one value.</summary>
/// <param name="Value">The fields of its <c>Summary.Value</c>; empty for the version.</param>
internal sealed record ReadEvent(double WallTime, long Step, string? Version, ILookup<int, object> Value)
{
    public string Tag => Encoding.UTF8.GetString((byte[])Value[1].Single());

    public float? Scalar => (float?)Value[2].SingleOrDefault();

    /// <summary>Height, width, colours and the picture itself.</summary>
    public ILookup<int, object>? Image => Value[4].SingleOrDefault() is byte[] image ? ProtoFields.Read(image) : null;

    /// <summary>The plugin that this is for, with what it says to it.</summary>
    public (string Name, byte[] Content)? Plugin
    {
        get
        {
            if (Value[9].SingleOrDefault() is not byte[] metadata)
            {
                return null;
            }

            var plugin = ProtoFields.Read((byte[])ProtoFields.Read(metadata)[1].Single());
            return (Encoding.UTF8.GetString((byte[])plugin[1].Single()), (byte[])(plugin[2].SingleOrDefault() ?? Array.Empty<byte>()));
        }
    }
}

/// <summary>Reads event files as TensorFlow's documentation describes them, sums included; shares nothing with what writes them.</summary>
internal static class ReadEvents
{
    public static IReadOnlyList<ReadEvent> Of(ReadOnlySpan<byte> file)
    {
        var events = new List<ReadEvent>();
        while (file.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
            Assert.Equal(MaskedSum(file[..8]), BinaryPrimitives.ReadUInt32LittleEndian(file[8..]));
            var content = file.Slice(12, length);
            Assert.Equal(MaskedSum(content), BinaryPrimitives.ReadUInt32LittleEndian(file[(12 + length)..]));
            events.Add(Event(content));
            file = file[(16 + length)..];
        }

        return events;
    }

    private static ReadEvent Event(ReadOnlySpan<byte> content)
    {
        var fields = ProtoFields.Read(content);
        var value = fields[5].SingleOrDefault() is byte[] summary ? (byte[])ProtoFields.Read(summary)[1].Single() : [];
        return new(
            (double)fields[1].Single(), (long)(fields[2].SingleOrDefault() ?? 0L),
            fields[3].SingleOrDefault() is byte[] version ? Encoding.UTF8.GetString(version) : null, ProtoFields.Read(value));
    }

    /// <summary>CRC-32C bit by bit (polynomial 0x1EDC6F41, reflected), turned and shifted.</summary>
    private static uint MaskedSum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var single in bytes)
        {
            crc ^= single;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }
}
