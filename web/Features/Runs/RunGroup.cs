using MaeLab.Domain.Recipes;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Web.Presentation;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Runs;

/// <summary>Runs that have something in common, under one row of the table.</summary>
/// <param name="Key">Tells it from the other groups; part of the address where it is open.</param>
/// <param name="Filter">Which runs it has.</param>
public sealed record RunGroup(string Key, string Label, int Count, RunFilter Filter);

/// <summary>Counts runs by experiment, cell, state or any field of the recipe.</summary>
public sealed class RunGroupReader(IDbContextFactory<MaeLabDb> databases)
{
    public const string ByExperiment = "experiment";
    public const string ByCell = "cell";
    public const string ByState = "state";

    public static bool IsKnown(string by) => by is ByExperiment or ByCell or ByState || RecipeFields.Find(by) is not null;

    public async Task<IReadOnlyList<RunGroup>> ReadAsync(RunFilter filter, string by, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var runs = filter.Apply(db);
        return by switch
        {
            ByExperiment => await ByExperimentAsync(db, runs, filter, cancellationToken),
            ByCell => await ByCellAsync(db, runs, filter, cancellationToken),
            ByState => await ByStateAsync(runs, filter, cancellationToken),
            _ => await ByFieldAsync(runs, filter, RecipeFields.Find(by) ?? throw new ArgumentException($"Runs cannot be grouped by '{by}'.", nameof(by)), cancellationToken),
        };
    }

    /// <summary>Newest first, as experiments are listed everywhere.</summary>
    private static async Task<IReadOnlyList<RunGroup>> ByExperimentAsync(
        MaeLabDb db, IQueryable<RunRow> runs, RunFilter filter, CancellationToken cancellationToken)
    {
        var counts = await runs.GroupBy(run => run.ExperimentId).Select(group => new { Id = group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        var names = await NamesAsync(db, counts.Select(group => group.Id), cancellationToken);
        return [.. counts.OrderByDescending(group => group.Id)
            .Select(group => new RunGroup(group.Id.ToString(), names[group.Id], group.Count, filter with { ExperimentId = group.Id }))];
    }

    private static async Task<IReadOnlyList<RunGroup>> ByCellAsync(
        MaeLabDb db, IQueryable<RunRow> runs, RunFilter filter, CancellationToken cancellationToken)
    {
        var counts = await runs.GroupBy(run => new { run.ExperimentId, run.CellIndex })
            .Select(group => new { group.Key.ExperimentId, group.Key.CellIndex, Levels = group.Min(run => run.Levels), Count = group.Count() }).ToListAsync(cancellationToken);
        var names = await NamesAsync(db, counts.Select(group => group.ExperimentId), cancellationToken);
        return [.. counts.OrderByDescending(group => group.ExperimentId).ThenBy(group => group.CellIndex).Select(group => new RunGroup(
            $"{group.ExperimentId}:{group.CellIndex}", $"{names[group.ExperimentId]}: {RunSummary.CellNameOf(group.Levels!)}", group.Count,
            filter with { ExperimentId = group.ExperimentId, Cell = group.CellIndex }))];
    }

    private static async Task<IReadOnlyList<RunGroup>> ByStateAsync(IQueryable<RunRow> runs, RunFilter filter, CancellationToken cancellationToken)
    {
        var counts = await runs.GroupBy(run => run.State).Select(group => new { State = group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        return [.. counts.OrderBy(group => group.State)
            .Select(group => new RunGroup(EnumWord.Of(group.State), StateText.Word(group.State), group.Count, filter with { States = [group.State] }))];
    }

    /// <summary>Smallest first; runs without a value last.</summary>
    private static async Task<IReadOnlyList<RunGroup>> ByFieldAsync(
        IQueryable<RunRow> runs, RunFilter filter, RecipeField field, CancellationToken cancellationToken)
    {
        var counts = await runs.Keyed(field).GroupBy(run => new { run.Number, run.Text })
            .Select(group => new { group.Key.Number, group.Key.Text, Count = group.Count() }).ToListAsync(cancellationToken);
        return [.. counts
            .OrderBy(group => group.Number is null && group.Text is null).ThenBy(group => group.Number).ThenBy(group => group.Text, StringComparer.Ordinal)
            .Select(group => (Level: new LevelFilter(field, field.LiteralOf(group.Number, group.Text)), group.Count))
            .Select(group => new RunGroup(group.Level.Literal, group.Level.Label, group.Count, filter with { Levels = [.. filter.Levels ?? [], group.Level] }))];
    }

    private static async Task<Dictionary<Guid, string>> NamesAsync(MaeLabDb db, IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        var wanted = ids.Distinct().ToList();
        return await db.Experiments.Where(experiment => wanted.Contains(experiment.Id))
            .ToDictionaryAsync(experiment => experiment.Id, experiment => experiment.Name, cancellationToken);
    }
}
