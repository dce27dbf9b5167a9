using MaeLab.Domain.Recipes;

namespace MaeLab.Scheduler.Placement;

/// <summary>A runner that lives and takes new runs.</summary>
/// <param name="Free">Slots that no run holds.</param>
internal sealed record OpenRunner(Guid Id, int Free, bool HasCuda, IReadOnlySet<string> Datasets, double GigaflopsPerSecond)
{
    public bool Suits(QueuedKind kind) => Datasets.Contains(kind.Dataset) && (kind.Device != ComputeDevice.Cuda || HasCuda);
}
