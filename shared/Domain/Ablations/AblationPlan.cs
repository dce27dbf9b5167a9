using MaeLab.Domain.Recipes;

namespace MaeLab.Domain.Ablations;

/// <summary>A checked experiment: its axes, cells and runs. Cells by axis order, runs by cell then seed.</summary>
public sealed record AblationPlan
{
    /// <summary>More than this is refused: nobody reads such a table, and it is most often a slip of the keyboard.</summary>
    public const int MaxRuns = 10_000;

    public required ExperimentDefinition Definition { get; init; }

    /// <summary>The factors of the cells in the order given; the seeds are no factor, see <see cref="Seeds"/>.</summary>
    public required IReadOnlyList<Axis> Axes { get; init; }

    public required IReadOnlyList<long> Seeds { get; init; }

    public required IReadOnlyList<Cell> Cells { get; init; }

    public required IReadOnlyList<PlannedRun> Runs { get; init; }

    /// <param name="datasets">The known data sets and those that runners offer, by name.</param>
    /// <returns>The plan, or every error with the field it belongs to (<c>base.patchSize</c>, <c>axes.maskRatio[1]</c>, <c>name</c>).</returns>
    public static Checked<AblationPlan> Create(ExperimentDefinition definition, IReadOnlyDictionary<string, DatasetInfo> datasets) =>
        new AblationPlanner(definition, datasets, []).Plan();

    /// <summary>Reads the definition from the JSON of the API and expands it; wrong types and unknown fields are errors like any other.</summary>
    public static Checked<AblationPlan> Parse(string json, IReadOnlyDictionary<string, DatasetInfo> datasets)
    {
        var errors = new List<FieldError>();
        var definition = DefinitionReader.Read(json, errors);
        return new AblationPlanner(definition, datasets, errors).Plan();
    }
}
