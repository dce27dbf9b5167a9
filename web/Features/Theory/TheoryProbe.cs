using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Theory;

/// <summary>The paper's five questions in its order, and one more; their words are in the address.</summary>
public enum TheoryTopic
{
    Kernel,
    Patches,
    Layers,
    Decoder,
    Interpolation,

    /// <summary>What other papers ask.</summary>
    Beside,
}

/// <summary>A paper or an idea behind a question.</summary>
public sealed record TheorySource(string Label, string Address);

/// <param name="Title">A few words, for a heading.</param>
/// <param name="Question">As the paper asks it.</param>
/// <param name="Argument">How the papers answer it, in a sentence or two.</param>
/// <param name="Pictures">What the pictures of single runs show.</param>
public sealed record TheoryQuestion(
    TheoryTopic Topic, string Title, string Question, string Argument, string Pictures, IReadOnlyList<TheorySource> Sources, IReadOnlyList<TheoryProbe> Probes)
{
    /// <summary>"Q1", "Beside them".</summary>
    public string Name => Topic == TheoryTopic.Beside ? "Beside them" : $"Q{(int)Topic + 1}";

    /// <summary>In an address.</summary>
    public string Word => EnumWord.Of(Topic);
}

/// <summary>The most that a probe can see: the value of a run that reaches it says "at least".</summary>
/// <param name="Words">What the value is, for a sentence.</param>
public sealed record ProbeBound(string Words, Func<Recipe, double> Of)
{
    /// <returns>How many of the values reach it.</returns>
    public int Count(IEnumerable<TheoryValue> values, IReadOnlyDictionary<Guid, Recipe> recipes) =>
        values.Count(value => recipes.TryGetValue(value.RunId, out var recipe) && value.Value >= Of(recipe));

    /// <param name="reached">Above 0.</param>
    /// <param name="of">How many values there are.</param>
    public string Sentence(int reached, int of) => $"{reached} of {of} runs reach {Words}: their value says \"at least\", so a mean over them is too low and its interval too narrow.";
}

/// <param name="What">What is plotted.</param>
/// <param name="Formula">In plain mathematics.</param>
/// <param name="Expected">The direction that the papers' arguments let one expect of a trained model.</param>
/// <param name="Cost">What it takes.</param>
public sealed record TheoryProbe(string Series, string What, string Formula, string Expected, string Cost)
{
    /// <summary>Measured at every evaluation of a run; the others by a job of their own.</summary>
    public bool IsCheap { get; init; }

    /// <summary>Recipe field that the question is about, where the answer is an ablation over it; null: any factors do.</summary>
    public string? Over { get; init; }

    /// <summary>Null where the probe sees however much there is.</summary>
    public ProbeBound? Bound { get; init; }

    /// <summary>MaeLab's own measure; the others are the field's.</summary>
    public bool IsTheory => Series.StartsWith(SeriesNames.TheoryGroup, StringComparison.Ordinal);

    /// <summary>In an address.</summary>
    public string Word => Series[(Series.LastIndexOf('/') + 1)..];

    public string Label => MetricInfo.Of(Series).Label;
}
