namespace MaeLab.Domain.Recipes;

/// <param name="EveryEpochs">Save after every so many epochs; 0: only at the end. The end is always saved.</param>
/// <param name="KeepLast">How many of the newest are kept.</param>
public sealed record CheckpointPlan(int EveryEpochs, int KeepLast);
