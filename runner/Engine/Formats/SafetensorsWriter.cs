using System.Buffers.Binary;

namespace MaeLab.Engine.Formats;

/// <param name="Write">Writes exactly the tensor's bytes; called once, when its turn comes.</param>
public sealed record TensorToWrite(string Name, string Type, long[] Shape, Action<Stream> Write);

/// <summary>Writes safetensors files tensor by tensor, so that memory does not grow with the file.</summary>
public static class SafetensorsWriter
{
    public static void Write(Stream stream, IReadOnlyList<TensorToWrite> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var byName = tensors.ToDictionary(tensor => tensor.Name);
        var header = SafetensorsHeader.Layout(tensors.Select(tensor => (tensor.Name, tensor.Type, tensor.Shape)), metadata);
        var json = header.Write();
        if (json.Length > SafetensorsHeader.MaxBytes)
        {
            throw new InvalidDataException($"The header would take {json.Length} bytes; at most {SafetensorsHeader.MaxBytes} are allowed.");
        }

        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)json.Length);
        stream.Write(prefix);
        stream.Write(json.Span);
        foreach (var entry in header.Entries)
        {
            byName[entry.Name].Write(stream);
        }
    }
}
