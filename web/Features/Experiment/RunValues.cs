using System.Globalization;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>One value of each run.</summary>
/// <param name="ByRun">Runs without one are missing; a value may be not finite.</param>
/// <param name="At">The step or the budget that the values are of; null where they are of none, or no run has got anywhere.</param>
public sealed record RunValues(IReadOnlyDictionary<Guid, double> ByRun, ValueChoice Choice, double? At)
{
    /// <summary>"value at step 1,200", for a sentence.</summary>
    public string Words => (Choice.Kind, At) switch
    {
        (ValueKind.Last, _) => "last value",
        (ValueKind.Best, _) => "best value",
        (ValueKind.Min, _) => "smallest value",
        (ValueKind.Max, _) => "largest value",
        (ValueKind.AtStep, { } step) => string.Create(CultureInfo.InvariantCulture, $"value at step {step:#,0}"),
        (ValueKind.AtStep, null) => "value at a step that all runs have reached: none yet",
        (ValueKind.AtBudget, { } spent) => $"value at {BudgetText.Amount(Choice.Budget, spent)}, the most that all have reached",
        (ValueKind.AtBudget, null) => $"value at equal {BudgetText.Label(Choice.Budget).ToLowerInvariant()}: no run has got anywhere yet",
        _ => throw new InvalidOperationException($"Unknown value {Choice.Kind}."),
    };

    public RunValues Without(IReadOnlySet<Guid> runs) =>
        runs.Count == 0 ? this : this with { ByRun = ByRun.Where(value => !runs.Contains(value.Key)).ToDictionary() };
}

/// <summary>Budgets in words.</summary>
public static class BudgetText
{
    public static string Label(Budget budget) => budget switch
    {
        Budget.VisibleTokens => "Visible tokens",
        Budget.Images => "Images",
        Budget.ElapsedSeconds => "Training time",
        _ => throw new ArgumentOutOfRangeException(nameof(budget), budget, "Unknown budget."),
    };

    /// <summary>"1.2 M visible tokens".</summary>
    public static string Amount(Budget budget, double spent) => budget == Budget.ElapsedSeconds
        ? $"{Format.Duration(TimeSpan.FromSeconds(spent))} of training"
        : $"{Format.Count(spent)} {Label(budget).ToLowerInvariant()}";
}
