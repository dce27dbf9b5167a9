using System.Text.Json;
using System.Text.Json.Nodes;
using MaeLab.Domain;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Runs;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runs;
using MaeLab.Web.Features.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Experiments;

/// <summary>Reads experiments with the state of their runs.</summary>
public sealed class ExperimentReader(IDbContextFactory<MaeLabDb> databases)
{
    /// <summary>Newest first.</summary>
    /// <param name="before">The last id of the page before; null: from the newest.</param>
    public async Task<ExperimentList> ListAsync(Guid? before, int limit, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var experiments = db.Experiments.AsNoTracking();
        if (before is { } id)
        {
            experiments = experiments.Where(experiment => experiment.Id < id);
        }

        var rows = await experiments.OrderByDescending(experiment => experiment.Id).Take(limit + 1).ToListAsync(cancellationToken);
        var more = rows.Count > limit;
        var items = await SummariseAsync(db, more ? rows[..limit] : rows, cancellationToken);
        return new(items, more ? items[^1].Id.ToString() : null);
    }

    /// <returns>Null where there is no such experiment (yet).</returns>
    public async Task<ExperimentDetail?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.Experiments.AsNoTracking().SingleOrDefaultAsync(experiment => experiment.Id == id, cancellationToken);
        if (row is null)
        {
            return null;
        }

        var openJobs = await db.RunsAndJobs.WhereOpen().CountAsync(run => run.ExperimentId == id && run.Kind == RunKind.Theory, cancellationToken);
        return new ExperimentDetail((await SummariseAsync(db, [row], cancellationToken))[0], row.Definition, openJobs);
    }

    public async Task<bool> ExistsAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Experiments.AnyAsync(experiment => experiment.Id == id, cancellationToken);
    }

    /// <returns>Id and name of the newest experiments, for a filter.</returns>
    public async Task<IReadOnlyList<KeyValuePair<Guid, string>>> NamesAsync(int limit, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Experiments.AsNoTracking().OrderByDescending(experiment => experiment.Id).Take(limit)
            .Select(experiment => KeyValuePair.Create(experiment.Id, experiment.Name)).ToListAsync(cancellationToken);
    }

    private static async Task<List<ExperimentSummary>> SummariseAsync(
        MaeLabDb db, List<ExperimentRow> rows, CancellationToken cancellationToken)
    {
        var ids = rows.ConvertAll(row => row.Id);
        var counts = await db.Runs.AsNoTracking()
            .Where(run => ids.Contains(run.ExperimentId))
            .GroupBy(run => new { run.ExperimentId, run.State })
            .Select(group => new
            {
                group.Key.ExperimentId,
                group.Key.State,
                Count = group.Count(),
                Done = group.Sum(run => run.TotalSteps > 0 ? (double)run.Step / run.TotalSteps : 0),
            })
            .ToListAsync(cancellationToken);
        var byExperiment = counts.ToLookup(count => count.ExperimentId);
        return rows.ConvertAll(row =>
        {
            var states = byExperiment[row.Id].ToList();
            var definition = JsonNode.Parse(row.Definition);
            var runs = RunCounts.Of(states.ToDictionary(state => state.State, state => state.Count));
            var done = states.Sum(state => state.State == RunState.Completed ? state.Count : state.Done);
            return new ExperimentSummary(
                row.Id, row.Name, row.Description, row.Tags, row.Priority, row.Weight, row.SubmittedBy, row.CreatedAt,
                definition?["design"]?.Deserialize<AblationDesign>(JsonDefaults.Options) ?? AblationDesign.Grid,
                JsonSerializer.Deserialize<List<Axis>>(row.Axes, JsonDefaults.Options)!,
                SeedsOf(definition),
                runs.Total,
                runs,
                runs.Total > 0 ? Math.Min(done / runs.Total, 1) : 0);
        });
    }

    /// <summary>As they were submitted: some languages write 4.0 for a whole number.</summary>
    private static List<long> SeedsOf(JsonNode? definition) =>
        (definition?["axes"]?[Axis.SeedField]?.Deserialize<List<double>>(JsonDefaults.Options) ?? []).ConvertAll(seed => (long)seed);
}
