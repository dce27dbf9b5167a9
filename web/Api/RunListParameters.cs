using System.ComponentModel;
using MaeLab.Domain.Runs;
using MaeLab.Web.Features.Runs;
using Microsoft.AspNetCore.Mvc;

namespace MaeLab.Web.Api;

/// <summary>What a list of runs is asked for with; all may be left out.</summary>
internal sealed record RunListParameters(
    [property: FromQuery(Name = "experiment"), Description("Id of the experiment.")] string? Experiment,
    [property: FromQuery(Name = "state"), Description("A state, or several with commas.")] string? State,
    [property: FromQuery(Name = "q"), Description("Part of the experiment's or the data set's name, or the id of a run.")] string? Q,
    [property: FromQuery(Name = "level"), Description("Level of a recipe field, as field:level, for example encoder.width:64 or clipNorm:none; may be repeated.")] string[]? Level,
    [property: FromQuery(Name = "tag"), Description("A tag that the run has; may be repeated.")] string[]? Tag,
    [property: FromQuery(Name = "archived"), Description("Archived runs: hidden (the default), only or shown.")] string? Archived,
    [property: FromQuery(Name = "sort"), Description("A column, falling with a leading minus; -created by default. Columns are created, experiment, state, progress, loss, "
        + "imagesPerSecond, priority, attempt, every recipe field (encoder.width), and last:SERIES or best:SERIES (best:train/loss).")] string? Sort,
    [property: FromQuery(Name = "columns"), Description("Recipe fields and metrics to be told of every run, with commas: encoder.width, last:SERIES, best:SERIES, or at:STEP:SERIES for the last value at or before a step that the run has reached.")] string? Columns,
    [property: FromQuery(Name = "cursor")] string? Cursor, [property: FromQuery(Name = "limit")] string? Limit)
{
    public (RunQuery Query, IReadOnlyList<RunColumn> Columns) ToQuery(RequestErrors errors)
    {
        var experiment = errors.Id("experiment", Experiment);
        var states = Words(State).Select(word => errors.Word<RunState>("state", word, out var state) ? state : null).OfType<RunState>().ToList();
        ArchivedRuns? archived = ArchivedRuns.Hidden;
        if (!string.IsNullOrEmpty(Archived))
        {
            errors.Word("archived", Archived, out archived);
        }

        var filter = new RunFilter(experiment, null, states, Q, [.. ReadLevels(errors)], Tag ?? [], archived ?? ArchivedRuns.Hidden);
        return (ReadPlace(errors, new(filter, Limit: errors.Limit(Limit))), [.. ReadColumns(errors)]);
    }

    private RunQuery ReadPlace(RequestErrors errors, RunQuery query)
    {
        var order = RunOrder.Parse(Sort);
        if (order is null)
        {
            errors.Add("sort", $"'{Sort!.TrimStart('-')}' is no column to sort by; see the description of sort at /openapi/v1.json.");
        }

        if (!RunCursor.TryParse(Cursor, out var after) && !string.IsNullOrEmpty(Cursor))
        {
            errors.Add("cursor", "This is no cursor; pass nextCursor of the page before, unchanged.");
        }
        else if (after is not null && order is not null && after.Order != order.Word)
        {
            errors.Add("cursor", "This cursor belongs to another order; go on with the sort it came from, or begin anew without it.");
        }

        return query with { Order = order, Cursor = after };
    }

    private IEnumerable<LevelFilter> ReadLevels(RequestErrors errors)
    {
        foreach (var text in Level ?? [])
        {
            if (LevelFilter.Parse(text) is { } level)
            {
                yield return level;
            }
            else
            {
                errors.Add("level", $"'{text}' is no recipe field with a level it can have; write field:level, for example maskRatio:0.75.");
            }
        }
    }

    private IEnumerable<RunColumn> ReadColumns(RequestErrors errors)
    {
        foreach (var word in Words(Columns))
        {
            if (RunColumn.Find(word) is { Kind: not RunColumnKind.Own } column)
            {
                yield return column;
            }
            else
            {
                errors.Add("columns", $"'{word}' is no recipe field and no metric; write for example encoder.width, last:train/loss, best:train/loss or at:1000:train/loss.");
            }
        }
    }

    private static string[] Words(string? text) => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
