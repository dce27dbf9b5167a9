using MaeLab.Runner.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Runner.Execution;

internal static class CheckpointRetreat
{
    /// <summary>Makes a damaged checkpoint invisible to everybody; its pieces go with the next removal of old ones.</summary>
    public static async Task HideAsync(ShippingStores stores, Guid checkpointId, CancellationToken cancellationToken)
    {
        await using var db = await stores.Databases.CreateDbContextAsync(cancellationToken);
        await db.Checkpoints.Where(checkpoint => checkpoint.Id == checkpointId)
            .ExecuteUpdateAsync(checkpoint => checkpoint.SetProperty(row => row.Complete, false), cancellationToken);
    }
}
