using System.Text.Json;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Model;

namespace MaeLab.Storage.Interchange;

/// <summary>What stands beside each point of a run.</summary>
/// <param name="Levels">Of its cell, in the order of the axes: field and JSON literal.</param>
public sealed record ExportedRun(
    Guid Id, string Experiment, int Index, int Cell, IReadOnlyList<(string Field, string Literal)> Levels, long Seed, string Recipe, RunState State, long TotalSteps)
{
    private readonly double _epochs = TotalSteps > 0 ? RecipeJson.Read(Recipe).Epochs : double.NaN;

    internal static ExportedRun Of(string experiment, RunRow run)
    {
        using var levels = JsonDocument.Parse(run.Levels);
        return new(
            run.Id, experiment, run.Index, run.CellIndex, [.. levels.RootElement.EnumerateObject().Select(level => (level.Name, level.Value.GetRawText()))],
            run.Seed, run.Recipe, run.State, run.TotalSteps);
    }

    /// <summary>Every step takes the same share of an epoch; null where the run has none.</summary>
    internal double? EpochAt(long step) => TotalSteps > 0 ? step * _epochs / TotalSteps : null;
}
