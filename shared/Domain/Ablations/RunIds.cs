using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MaeLab.Domain.Ablations;

public static class RunIds
{
    /// <summary>Indices have 14 bits.</summary>
    public const int MaxRuns = 1 << 14;

    /// <summary>
    /// A UUIDv7 whose time is the experiment's, followed by the index (14 bits) and a hash of experiment and index:
    /// runs sort by age, then by their place in the experiment, and expanding an experiment twice gives the same ids.
    /// </summary>
    public static Guid Create(Guid experimentId, int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, MaxRuns);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        Span<byte> input = stackalloc byte[20];
        experimentId.TryWriteBytes(input, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(input[16..], index);
        Span<byte> id = stackalloc byte[32];
        SHA256.HashData(input, id);
        input[..6].CopyTo(id);
        id[6] = (byte)(0x70 | (index >> 10));
        id[7] = (byte)(index >> 2);
        id[8] = (byte)(0x80 | ((index & 3) << 4) | (id[8] & 0x0F));
        return new Guid(id[..16], bigEndian: true);
    }

    /// <summary>The job that examines a checkpoint: a UUIDv7 whose time is the checkpoint's, so that asking twice names the same job.</summary>
    public static Guid OfTheory(Guid checkpointId) => Create(checkpointId, index: 0);
}
