namespace MaeLab.Domain.Recipes;

public enum ComputeDevice
{
    /// <summary>CUDA where the runner has it, otherwise the CPU.</summary>
    Auto,
    Cpu,
    Cuda,
}
