using MaeLab.Domain.Runs;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Runs;

public enum ArchivedRuns
{
    /// <summary>Without those that are archived.</summary>
    Hidden,

    /// <summary>Only those.</summary>
    Only,

    /// <summary>All alike.</summary>
    Shown,
}

/// <summary>Which runs.</summary>
/// <param name="Cell">Index of a cell; only beside an experiment.</param>
/// <param name="States">Null or empty: all.</param>
/// <param name="Text">Part of the experiment's name or of the data set's, or a run's whole id.</param>
/// <param name="Levels">The run must have all of these.</param>
/// <param name="Tags">The run must have all of these.</param>
public sealed record RunFilter(
    Guid? ExperimentId = null, int? Cell = null, IReadOnlyList<RunState>? States = null, string? Text = null,
    IReadOnlyList<LevelFilter>? Levels = null, IReadOnlyList<string>? Tags = null, ArchivedRuns Archived = ArchivedRuns.Hidden)
{
    /// <summary>Equality of records does not look into lists.</summary>
    public bool IsSameAs(RunFilter other) =>
        this with { States = null, Levels = null, Tags = null } == other with { States = null, Levels = null, Tags = null }
        && (States ?? []).SequenceEqual(other.States ?? []) && (Levels ?? []).SequenceEqual(other.Levels ?? []) && (Tags ?? []).SequenceEqual(other.Tags ?? []);

    internal IQueryable<RunRow> Apply(MaeLabDb db)
    {
        var runs = db.Runs.AsNoTracking();
        if (ExperimentId is { } experiment)
        {
            runs = runs.Where(run => run.ExperimentId == experiment);
        }

        if (Cell is { } cell)
        {
            runs = runs.Where(run => run.CellIndex == cell);
        }

        if (States is { Count: > 0 } states)
        {
            runs = runs.Where(run => states.Contains(run.State));
        }

        runs = (Levels ?? []).Aggregate(runs, (left, level) => level.Apply(left));
        return WithText(db, WithAnnotations(db, runs));
    }

    private IQueryable<RunRow> WithAnnotations(MaeLabDb db, IQueryable<RunRow> runs)
    {
        runs = Archived switch
        {
            ArchivedRuns.Hidden => runs.Where(run => !db.Annotations.Any(said => said.Id == run.Id && said.Archived)),
            ArchivedRuns.Only => runs.Where(run => db.Annotations.Any(said => said.Id == run.Id && said.Archived)),
            ArchivedRuns.Shown => runs,
            _ => throw new InvalidOperationException($"Unknown choice {Archived} of archived runs."),
        };
        return (Tags ?? []).Aggregate(runs, (left, tag) => left.Where(run => db.Annotations.Any(said => said.Id == run.Id && said.Tags.Contains(tag))));
    }

    private IQueryable<RunRow> WithText(MaeLabDb db, IQueryable<RunRow> runs)
    {
        if (Guid.TryParse(Text, out var id))
        {
            return runs.Where(run => run.Id == id);
        }

        if (string.IsNullOrWhiteSpace(Text))
        {
            return runs;
        }

        var text = Text.Trim().ToLowerInvariant();
        // ToLower is what both databases translate; they know no case-insensitive Contains.
#pragma warning disable CA1304, CA1311, CA1862
        var experiments = db.Experiments.Where(experiment => experiment.Name.ToLower().Contains(text)).Select(experiment => experiment.Id);
        return runs.Where(run => run.Dataset.ToLower().Contains(text) || experiments.Contains(run.ExperimentId));
#pragma warning restore CA1304, CA1311, CA1862
    }
}
