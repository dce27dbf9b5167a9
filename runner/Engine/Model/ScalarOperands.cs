using MaeLab.Engine.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace MaeLab.Engine.Model;

/// <summary>
/// Arithmetic of tensors with numbers, and sums. Some of TorchSharp's operators (tensor + tensor and square among them) make a
/// <see cref="Scalar"/> that nobody holds on to while native code reads it, so a garbage collection at that moment frees it: seen as
/// "INTERNAL ASSERT FAILED Scalar.h" out of an innocent square() on a busy machine. Here it lives until the result is there.
/// All of the engine uses these; a test follows its calls into TorchSharp and holds it to that.
/// </summary>
internal static class ScalarOperands
{
    /// <summary>The factor of the second summand.</summary>
    public static Scalar One { get; } = MakeOne();

    public static Tensor Plus(this Tensor tensor, Tensor summand) => tensor.add(summand, One);

    public static Tensor Times(this Tensor tensor, double factor)
    {
        using var scalar = factor.ToScalar();
        return tensor.mul(scalar);
    }

    public static Tensor TimesInPlace(this Tensor tensor, double factor)
    {
        using var scalar = factor.ToScalar();
        return tensor.mul_(scalar);
    }

    public static Tensor Plus(this Tensor tensor, double summand)
    {
        using var scalar = summand.ToScalar();
        return tensor.add(scalar, One);
    }

    /// <summary>tensor += factor * other.</summary>
    public static Tensor PlusInPlace(this Tensor tensor, Tensor other, double factor)
    {
        using var scalar = factor.ToScalar();
        return tensor.add_(other, scalar);
    }

    public static Tensor Modulo(this Tensor tensor, long divisor)
    {
        using var scalar = divisor.ToScalar();
        return tensor.remainder(scalar);
    }

    public static Tensor Within(this Tensor tensor, double least, double largest)
    {
        using Scalar lower = least.ToScalar(), upper = largest.ToScalar();
        return tensor.clamp(lower, upper);
    }

    public static Tensor Squared(this Tensor tensor) => tensor.mul(tensor);

    private static Scalar MakeOne()
    {
        NativeThreads.Prepare();
        return 1L.ToScalar();
    }
}
