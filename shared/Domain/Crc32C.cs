using System.Buffers.Binary;
using System.Numerics;

namespace MaeLab.Domain;

/// <summary>CRC-32C (Castagnoli), by the processor's own instruction: finds every burst of damage up to 32 bits.</summary>
public static class Crc32C
{
    /// <param name="before">The sum of what came before, to go on from.</param>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        var crc = ~before;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var single in bytes)
        {
            crc = BitOperations.Crc32C(crc, single);
        }

        return ~crc;
    }
}
