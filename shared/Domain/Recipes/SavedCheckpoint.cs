namespace MaeLab.Domain.Recipes;

/// <summary>What a <see cref="CheckpointPlan"/> goes by.</summary>
public sealed record SavedCheckpoint(Guid Id, long Step, double Epoch, bool Final);
