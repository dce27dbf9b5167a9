using System.Globalization;
using MaeLab.Domain.Metrics;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>Which value of a series stands for a run.</summary>
public enum ValueKind
{
    Last,

    /// <summary>The largest or the smallest, by which is better; a metric of which neither is has none, see <see cref="ValueChoice.For"/>.</summary>
    Best,
    Min,
    Max,

    /// <summary>The last one at or before a step.</summary>
    AtStep,

    /// <summary>The last one within a budget that all runs have spent.</summary>
    AtBudget,
}

/// <summary>What a budget is counted in; each is a series that never falls.</summary>
public enum Budget
{
    /// <summary>Tokens that the encoder has processed: what MAE saves by masking.</summary>
    VisibleTokens,
    Images,
    ElapsedSeconds,
}

/// <summary>The value of a series that stands for a run, as it is asked for.</summary>
/// <param name="Step">For a value at a step; null: the last step that all runs have reached.</param>
/// <param name="Budget">For a value at equal compute.</param>
public sealed record ValueChoice(ValueKind Kind = ValueKind.Last, long? Step = null, Budget Budget = Budget.VisibleTokens)
{
    public const string KindParameter = "value";
    public const string StepParameter = "step";
    public const string BudgetParameter = "budget";

    /// <summary>The series that the budget is counted by.</summary>
    public string BudgetSeries => Budget switch
    {
        Budget.VisibleTokens => SeriesNames.VisibleTokens,
        Budget.Images => SeriesNames.Images,
        Budget.ElapsedSeconds => SeriesNames.ElapsedSeconds,
        _ => throw new InvalidOperationException($"Unknown budget {Budget}."),
    };

    /// <summary>What can be had of a metric: where neither more nor less is better, the last value instead of the best.</summary>
    public ValueChoice For(string metric) =>
        Kind == ValueKind.Best && MetricInfo.Of(metric).Better == BetterWhen.Neither ? this with { Kind = ValueKind.Last } : this;

    /// <summary>Words of an address; what cannot be read there counts as left out.</summary>
    public static ValueChoice Read(string? kind, string? step, string? budget) => new(
        EnumWord.Find<ValueKind>(kind ?? "") ?? ValueKind.Last,
        long.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
        EnumWord.Find<Budget>(budget ?? "") ?? Budget.VisibleTokens);

    /// <summary>What <see cref="Read"/> takes; only what differs from the defaults.</summary>
    public IEnumerable<(string Name, string Value)> Words()
    {
        if (Kind != ValueKind.Last)
        {
            yield return (KindParameter, EnumWord.Of(Kind));
        }

        if (Kind == ValueKind.AtStep && Step is { } step)
        {
            yield return (StepParameter, step.ToString(CultureInfo.InvariantCulture));
        }

        if (Kind == ValueKind.AtBudget)
        {
            yield return (BudgetParameter, EnumWord.Of(Budget));
        }
    }
}
