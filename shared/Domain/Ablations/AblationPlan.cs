using System.Text.Json.Nodes;
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

    /// <summary>One combination of levels of a stored definition, with its seeds, whether its design has it or not; checked like any other.</summary>
    /// <param name="factors">The axes of the experiment but the seed.</param>
    /// <param name="levels">A level of each factor, as the factor has it.</param>
    public static Checked<AblationPlan> OfCell(
        string json, IReadOnlyList<Axis> factors, IReadOnlyDictionary<string, string> levels, IReadOnlyDictionary<string, DatasetInfo> datasets)
    {
        List<FieldError> errors =
        [
            .. factors.Where(factor => !levels.TryGetValue(factor.Field, out var level) || !factor.Levels.Contains(level))
                .Select(factor => new FieldError($"levels.{factor.Field}", $"A cell of this experiment has one of {string.Join(", ", factor.Levels)} here.")),
            .. levels.Keys.Except(factors.Select(factor => factor.Field))
                .Select(field => new FieldError($"levels.{field}", $"This is no factor of the experiment; it has {string.Join(", ", factors.Select(factor => factor.Field))}.")),
        ];
        if (errors.Count > 0)
        {
            return errors;
        }

        var definition = DefinitionReader.Read(json, errors);
        var axes = (definition.Axes ?? []).Select(axis => KeyValuePair.Create(
            axis.Key, levels.TryGetValue(axis.Key, out var level) ? new JsonArray(JsonNode.Parse(level)) : axis.Value?.DeepClone()));
        return new AblationPlanner(
            definition with { Axes = new(axes), Design = AblationDesign.Grid, Baseline = null }, datasets, errors).Plan();
    }

    /// <summary>Of a plan of one cell, the runs that join an experiment later: those of the seeds that it has none of, numbered on from its own.</summary>
    /// <param name="isBaseline">The cell is the one that the experiment's others are compared with.</param>
    public AblationPlan Joining(int cell, bool isBaseline, int firstRun, IReadOnlyCollection<long> present)
    {
        var joined = Cells.Single() with { Index = cell, IsBaseline = isBaseline };
        var missing = Runs.Where(run => !present.Contains(run.Recipe.Seed));
        return this with { Cells = [joined], Runs = [.. missing.Select((run, i) => run with { Index = firstRun + i, Cell = joined })] };
    }
}
