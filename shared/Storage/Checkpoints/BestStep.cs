using MaeLab.Domain.Recipes;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Checkpoints;

internal static class BestStep
{
    /// <returns>Of these steps of a run the one whose checkpoint is the best by what is stored; null where none is.</returns>
    public static async Task<long?> StepAsync(this BestCheckpoint best, MaeLabDb db, Guid runId, List<long> steps, CancellationToken cancellationToken)
    {
        if (best.Series() is not { } series)
        {
            return null;
        }

        var results = await db.ProbeResults.Where(result => result.RunId == runId && result.Probe == series && steps.Contains(result.Step))
            .Select(result => new { result.Step, result.Value }).ToListAsync(cancellationToken);
        return best.StepOf(results.Select(result => (result.Step, result.Value)));
    }
}
