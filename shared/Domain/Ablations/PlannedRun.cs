using MaeLab.Domain.Recipes;

namespace MaeLab.Domain.Ablations;

/// <param name="Index">Position within the experiment, from 0; with the experiment's id it determines the run's id.</param>
public sealed record PlannedRun(int Index, Cell Cell, Recipe Recipe)
{
    /// <summary>The same on every expansion of the same experiment, so that a repeated submission creates nothing new.</summary>
    public Guid IdIn(Guid experimentId) => RunIds.Create(experimentId, Index);
}
