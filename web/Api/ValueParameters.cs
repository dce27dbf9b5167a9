using System.ComponentModel;
using MaeLab.Web.Features.Experiment;

namespace MaeLab.Web.Api;

/// <summary>Which value of which series stands for a run; all may be left out.</summary>
internal sealed record ValueParameters(
    [property: Description("Series name; probe/linear_accuracy where any run has it, else train/loss.")] string? Metric,
    [property: Description("Which value of the series stands for a run: last (the default), best, min, max, atStep or atBudget.")] string? Value,
    [property: Description("With value=atStep: the last value at or before this step. Without it the last step that all complete runs have reached.")] string? Step,
    [property: Description("With value=atBudget: what equal compute is counted in, visibleTokens (the default), images or elapsedSeconds; the budget is the most that all complete runs have spent.")] string? Budget)
{
    public ValueChoice ToChoice(RequestErrors errors) => new(
        Word<ValueKind>(ValueChoice.KindParameter, Value, errors) ?? ValueKind.Last,
        errors.Integer(ValueChoice.StepParameter, Step, 0, long.MaxValue),
        Word<Budget>(ValueChoice.BudgetParameter, Budget, errors) ?? Features.Experiment.Budget.VisibleTokens);

    private static T? Word<T>(string name, string? text, RequestErrors errors)
        where T : struct, Enum => !string.IsNullOrEmpty(text) && errors.Word<T>(name, text, out var value) ? value : null;
}
