using System.Runtime.InteropServices;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Formats;
using MaeLab.Engine.Interchange;
using MaeLab.Engine.Tests.Training;

namespace MaeLab.Engine.Tests.Interchange;

/// <summary>Checkpoints and exported files in memory.</summary>
internal static class Exchanged
{
    public static byte[] Checkpoint(Recipe recipe)
    {
        var sink = new RecordingSink { StopAtStep = 3 };
        Jobs.Run(recipe, sink);
        return sink.Checkpoints[^1].Content;
    }

    public static byte[] Export(byte[] checkpoint, NameScheme scheme, bool encoderOnly)
    {
        using var target = new MemoryStream();
        var written = Engine.Interchange.Export.Run(new MemoryStream(checkpoint), target, scheme, encoderOnly);
        Assert.Equal(Read(target.ToArray()).Count, written);
        return target.ToArray();
    }

    public static Dictionary<string, (SafetensorsEntry Entry, byte[] Bytes)> Read(byte[] file) => new SafetensorsReader(new MemoryStream(file)).ReadAll();

    public static byte[] Write(IEnumerable<(string Name, string Type, long[] Shape, byte[] Bytes)> tensors)
    {
        using var target = new MemoryStream();
        SafetensorsWriter.Write(
            target, [.. tensors.Select(tensor => new TensorToWrite(tensor.Name, tensor.Type, tensor.Shape, stream => stream.Write(tensor.Bytes)))], new Dictionary<string, string>());
        return target.ToArray();
    }

    public static float[] Floats(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();
}
