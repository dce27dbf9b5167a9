namespace MaeLab.Domain.Recipes;

/// <param name="LinearProbe">Fit a linear classifier on the frozen encoder's features.</param>
/// <param name="Reconstructions">How many of the fixed gallery images are reconstructed; 0: none.</param>
/// <param name="EveryEpochs">Evaluate after every so many epochs; 0: only at the end. The end is always evaluated.</param>
public sealed record EvaluationPlan(bool LinearProbe, int Reconstructions, int EveryEpochs);
