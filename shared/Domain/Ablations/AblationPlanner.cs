using System.Text.Json.Nodes;
using MaeLab.Domain.Recipes;

namespace MaeLab.Domain.Ablations;

/// <summary>Turns a definition into a plan, going on after an error as far as the rest still makes sense.</summary>
internal sealed class AblationPlanner(
    ExperimentDefinition definition, IReadOnlyDictionary<string, DatasetInfo> datasets, List<FieldError> readingErrors)
{
    private const int MaxErrors = 100;

    private readonly List<FieldError> _errors = [];

    public Checked<AblationPlan> Plan()
    {
        DefinitionRules.Check(definition, _errors);
        var filled = RecipeJson.Fill(definition.Preset ?? Presets.Default, definition.Base);
        _errors.AddRange(filled.Errors.Select(error => error.Field == "preset" ? error : error with { Field = "base." + error.Field }));

        var given = Factor.ReadAll(definition.Axes, _errors);
        var factors = given.Where(factor => factor.Field.Path != Axis.SeedField).ToList();
        var seeds = ReadSeeds(given, filled.Value);
        var allAxesRead = given.Count == (definition.Axes?.Count ?? 0);

        // Without the base recipe, an axis or a sane number of runs the rest can only be guessed at.
        if (CheckRunCount(factors, seeds.Count) && allAxesRead && filled.Value is { } baseRecipe)
        {
            var baseline = ChooseBaseline(factors, baseRecipe);
            var cells = definition.Design == AblationDesign.Star ? Star(factors, baseline) : Grid(factors);
            var seeded = seeds.Count > 0 ? baseRecipe with { Seed = seeds[0] } : baseRecipe;
            var recipes = cells.ConvertAll(cell => Apply(seeded, factors, cell));
            _errors.AddRange(new CellErrors(seeded, factors, cells, datasets).Find(recipes, MaxErrors + 1));
            if (_errors.Count == 0 && readingErrors.Count == 0)
            {
                return Build(factors, seeds, cells, recipes, baseline);
            }
        }

        return AllErrors();
    }

    /// <summary>What could not be read counts as left out above; that it is missing is then not worth saying.</summary>
    private List<FieldError> AllErrors()
    {
        var unread = readingErrors.Select(error => error.Field).ToHashSet();
        var all = readingErrors.Concat(_errors.Where(error => !unread.Contains(error.Field) && !unread.Contains(""))).Distinct().ToList();
        if (all.Count > MaxErrors)
        {
            all.RemoveRange(MaxErrors, all.Count - MaxErrors);
            all.Add(new("", $"There are more errors; these are the first {MaxErrors}."));
        }

        return all;
    }

    /// <summary>The cells are checked with one seed, so the others are checked here.</summary>
    private List<long> ReadSeeds(List<Factor> given, Recipe? baseRecipe)
    {
        var axis = given.Find(factor => factor.Field.Path == Axis.SeedField);
        if (axis is null)
        {
            return [baseRecipe?.Seed ?? 0];
        }

        for (var i = 0; i < axis.Levels.Count; i++)
        {
            if (!axis.Field.Bounds!.Contain((long)axis.Levels[i].Value!))
            {
                _errors.Add(new(axis.ErrorField(i), $"{axis.Field.Label} must be {axis.Field.Bounds}, not {axis.Levels[i].Literal}."));
            }
        }

        return [.. axis.Levels.Select(level => (long)level.Value!).Where(seed => axis.Field.Bounds!.Contain(seed))];
    }

    private bool CheckRunCount(List<Factor> factors, int seeds)
    {
        // Doubles do not overflow, and are exact far past the limit.
        var cells = definition.Design == AblationDesign.Star
            ? 1 + factors.Sum(factor => factor.Levels.Count - 1.0)
            : factors.Aggregate(1.0, (product, factor) => product * factor.Levels.Count);
        if (cells * Math.Max(1, seeds) <= AblationPlan.MaxRuns)
        {
            return true;
        }

        _errors.Add(new("axes", FormattableString.Invariant(
            $"These axes make {cells:#,0} cells x {seeds:#,0} seeds = {cells * seeds:#,0} runs; at most {AblationPlan.MaxRuns:#,0} are allowed.")));
        return false;
    }

    /// <summary>A level for each factor: the one given, else the base recipe's, else the first.</summary>
    private int[] ChooseBaseline(List<Factor> factors, Recipe baseRecipe)
    {
        var baseline = factors.Select(factor => Math.Max(0, factor.IndexOf(FieldValue.Literal(factor.Field.Get(baseRecipe))))).ToArray();
        foreach (var (path, node) in definition.Baseline ?? [])
        {
            var f = factors.FindIndex(factor => factor.Field.Path == path);
            if (f < 0)
            {
                _errors.Add(new($"baseline.{path}", $"'{path}' is no axis of this experiment; the baseline chooses among {Names(factors)}."));
                continue;
            }

            var level = LevelOf(factors[f], node);
            if (level >= 0)
            {
                baseline[f] = level;
            }
            else
            {
                var levels = string.Join(", ", factors[f].Levels.Select(known => known.Literal));
                _errors.Add(new($"baseline.{path}", $"{node?.ToJsonString() ?? "null"} is no level of this axis; they are {levels}."));
            }
        }

        return baseline;
    }

    private static int LevelOf(Factor factor, JsonNode? node)
    {
        var (value, error) = FieldValue.Parse(factor.Field, node);
        return error is null ? factor.IndexOf(FieldValue.Literal(value)) : -1;
    }

    private static string Names(List<Factor> factors) =>
        factors.Count > 0 ? string.Join(", ", factors.Select(factor => factor.Field.Path)) : "none, as there is no axis but the seed";

    /// <summary>Every combination, the last axis fastest; a cell is the index of its level on each axis.</summary>
    private static List<int[]> Grid(List<Factor> factors)
    {
        List<int[]> cells = [[]];
        foreach (var factor in factors)
        {
            cells = [.. cells.SelectMany(cell => Enumerable.Range(0, factor.Levels.Count).Select(level => (int[])[.. cell, level]))];
        }

        return cells;
    }

    /// <summary>The baseline, then each other level of each axis with the baseline's on all others.</summary>
    private static List<int[]> Star(List<Factor> factors, int[] baseline)
    {
        List<int[]> cells = [baseline];
        for (var f = 0; f < factors.Count; f++)
        {
            foreach (var level in Enumerable.Range(0, factors[f].Levels.Count).Where(level => level != baseline[f]))
            {
                var cell = (int[])baseline.Clone();
                cell[f] = level;
                cells.Add(cell);
            }
        }

        return cells;
    }

    private static Recipe Apply(Recipe recipe, List<Factor> factors, int[] cell)
    {
        for (var f = 0; f < factors.Count; f++)
        {
            recipe = factors[f].Apply(recipe, cell[f]);
        }

        return recipe;
    }

    private AblationPlan Build(List<Factor> factors, List<long> seeds, List<int[]> levels, List<Recipe> recipes, int[] baseline)
    {
        var cells = levels.Select((cell, index) => new Cell(
            index,
            [.. factors.Select((factor, f) => KeyValuePair.Create(factor.Field.Path, factor.Levels[cell[f]].Literal))],
            cell.SequenceEqual(baseline))).ToList();
        return new()
        {
            Definition = definition,
            Axes = [.. factors.Select(factor => new Axis(factor.Field.Path, [.. factor.Levels.Select(level => level.Literal)]))],
            Seeds = seeds,
            Cells = cells,
            Runs = [.. cells.SelectMany(cell => seeds.Select((seed, s) =>
                new PlannedRun((cell.Index * seeds.Count) + s, cell, recipes[cell.Index] with { Seed = seed })))],
        };
    }
}
