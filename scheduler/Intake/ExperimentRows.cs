using System.Text.Json;
using MaeLab.Contracts.Commands;
using MaeLab.Domain;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Model;

namespace MaeLab.Scheduler.Intake;

/// <summary>A checked plan as rows of the database.</summary>
internal static class ExperimentRows
{
    public static ExperimentRow Experiment(SubmitExperiment submission, AblationPlan plan, DateTimeOffset now) => new()
    {
        Id = submission.ExperimentId,
        Name = plan.Definition.Name,
        Description = plan.Definition.Description,
        Tags = [.. plan.Definition.Tags ?? []],
        Priority = plan.Definition.Priority,
        Weight = plan.Definition.Weight,
        IdempotencyKey = submission.IdempotencyKey,
        Definition = submission.Definition,
        Axes = JsonSerializer.Serialize(plan.Axes.Where(axis => axis.Field != Axis.SeedField), JsonDefaults.Options),
        RunCount = plan.Runs.Count,
        SubmittedBy = submission.SubmittedBy,
        CreatedAt = now,
    };

    public static IEnumerable<RunRow> Runs(
        Guid experimentId, AblationPlan plan, IReadOnlyDictionary<string, DatasetInfo> datasets, DateTimeOffset now) =>
        plan.Runs.Select(run => new RunRow
        {
            Id = run.IdIn(experimentId),
            ExperimentId = experimentId,
            Index = run.Index,
            CellIndex = run.Cell.Index,
            IsBaseline = run.Cell.IsBaseline,
            Levels = run.Cell.LevelsJson().ToJsonString(),
            Recipe = RecipeJson.Write(run.Recipe).ToJsonString(),
            Seed = run.Recipe.Seed,
            MaskRatio = run.Recipe.MaskRatio,
            PatchSize = run.Recipe.PatchSize,
            Dataset = run.Recipe.Dataset.Name,
            Device = run.Recipe.Device,
            State = RunState.Queued,
            Priority = plan.Definition.Priority,
            Position = run.Index,
            CreatedAt = now,
            NotBefore = now,
            TotalSteps = RecipeCost.Of(run.Recipe, datasets[run.Recipe.Dataset.Name]).TotalSteps,
        });
}
