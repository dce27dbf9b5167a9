using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MaeLab.Domain.Ablations;

public static class RunIds
{
    /// <summary>
    /// A UUIDv7 whose time is the experiment's and whose random part is a hash of experiment and index:
    /// runs sort by age, and expanding an experiment twice gives the same ids.
    /// </summary>
    public static Guid Create(Guid experimentId, int index)
    {
        Span<byte> input = stackalloc byte[20];
        experimentId.TryWriteBytes(input, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(input[16..], index);
        Span<byte> id = stackalloc byte[32];
        SHA256.HashData(input, id);
        input[..6].CopyTo(id);
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id[..16], bigEndian: true);
    }
}
