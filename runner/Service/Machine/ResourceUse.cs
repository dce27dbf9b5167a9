namespace MaeLab.Runner.Machine;

/// <summary>What this process took of the machine since the sample before.</summary>
/// <param name="CpuCores">Cores kept busy, on average: 1.9 of 2.</param>
/// <param name="MemoryBytes">Resident, libtorch's included.</param>
/// <param name="Gpu">Of the whole GPU, whoever uses it; null where there is none.</param>
public sealed record ResourceUse(double CpuCores, long MemoryBytes, GpuUse? Gpu);

/// <param name="Utilisation">Share of the time in which it computed, 0 to 1.</param>
public sealed record GpuUse(double Utilisation, long MemoryBytes);
