using static TorchSharp.torch;

namespace MaeLab.Engine.Formats;

/// <summary>libtorch tensors to and from the bytes of a safetensors file (little-endian, as all of libtorch's platforms are).</summary>
internal static class TensorBytes
{
    public const string Float32 = "F32";

    /// <summary>Writes an fp32 tensor of any device.</summary>
    public static void Write(Tensor tensor, Stream stream)
    {
        using var plain = tensor.detach();
        using var local = plain.cpu();
        using var packed = local.contiguous();
        stream.Write(packed.bytes);
    }

    /// <summary>An fp32 tensor to be written; <paramref name="open"/> gives it when its turn comes.</summary>
    public static TensorToWrite ToWrite(string name, long[] shape, Func<Tensor> open) => new(name, Float32, shape, stream =>
    {
        using var tensor = open();
        Write(tensor, stream);
    });
}
