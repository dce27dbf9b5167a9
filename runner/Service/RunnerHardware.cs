using MaeLab.Engine.Native;
using MaeLab.Runner.Machine;

namespace MaeLab.Runner;

/// <param name="Device"><c>cpu</c> or <c>cuda:0</c>.</param>
public sealed record RunnerHardware(string Device, int Cores, long MemoryBytes)
{
    public static RunnerHardware Detect() => new(TrainingDevice.Detect(), Environment.ProcessorCount, MachineMemory.Total());
}
