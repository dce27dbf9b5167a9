using MaeLab.Engine.Native;
using TorchSharp;

namespace MaeLab.Engine.Tests.Native;

public sealed class NativeTests
{
    [Fact]
    public void TorchSharp_loads_and_multiplies_two_matrices()
    {
        NativeThreads.Prepare();
        using var left = torch.tensor(new float[,] { { 1, 2 }, { 3, 4 } });
        using var right = torch.tensor(new float[,] { { 5, 6 }, { 7, 8 } });
        using var product = left.matmul(right);
        Assert.Equal([19f, 22f, 43f, 50f], product.data<float>().ToArray());
    }

    /// <summary>The switches that a chosen CUDA device turns; that they make its products faster needs one.</summary>
    [Fact]
    public void TensorFloat32_is_allowed_in_products_and_in_cudnn()
    {
        NativeThreads.Prepare();
        (torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32) = (false, false);
        TrainingDevice.AllowTensorFloat32();
        Assert.True(torch.backends.cuda.matmul.allow_tf32);
        Assert.True(torch.backends.cudnn.allow_tf32);
    }
}
