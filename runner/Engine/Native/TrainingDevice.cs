using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Training;
using TorchSharp;

namespace MaeLab.Engine.Native;

/// <summary>What recipes are trained on here.</summary>
public static class TrainingDevice
{
    public const string Cpu = "cpu";

    /// <summary>The device of recipes that leave it to the runner.</summary>
    /// <returns><c>cuda:0</c> or <see cref="Cpu"/>.</returns>
    public static string Detect()
    {
        NativeThreads.Prepare();
        return torch.cuda.is_available() ? "cuda:0" : Cpu;
    }

    /// <summary>
    /// Products in fp32 on the tensor cores, their inputs rounded to 10 bits of mantissa, as the public code trains: several times
    /// the rate. Of the process; other devices do not look at it.
    /// </summary>
    internal static void AllowTensorFloat32()
    {
        torch.backends.cuda.matmul.allow_tf32 = true;
        torch.backends.cudnn.allow_tf32 = true;
    }

    /// <exception cref="TrainingFailedException">Unsupported: CUDA is asked for and absent.</exception>
    public static torch.Device Choose(ComputeDevice device)
    {
        NativeThreads.Prepare();
        var chosen = device switch
        {
            ComputeDevice.Cpu => torch.CPU,
            ComputeDevice.Auto => torch.cuda.is_available() ? torch.CUDA : torch.CPU,
            ComputeDevice.Cuda => torch.cuda.is_available() ? torch.CUDA : throw new TrainingFailedException(ReasonCode.Unsupported,
                "The recipe asks for CUDA, which this runner does not have: choose device auto or cpu, or build the runner with -p:Torch=cuda."),
            _ => throw new ArgumentOutOfRangeException(nameof(device), device, "Unknown device."),
        };
        if (chosen.type == DeviceType.CUDA)
        {
            AllowTensorFloat32();
        }

        return chosen;
    }
}
