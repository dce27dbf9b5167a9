using System.ComponentModel;
using System.Globalization;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

internal static class LogEndpoints
{
    public static void MapLogs(this RouteGroupBuilder root) =>
        root.MapGet("/runs/{id:guid}/logs", ListAsync).WithTags("Results").ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound)
            .WithName("ListLogs").WithSummary("Log lines of a run, oldest first")
            .WithDescription("To follow a log, pass the id of the last line as after, again and again; after=0 begins at its first line. nextCursor is there while more lines follow.");

    private static async Task<Results<Ok<ApiList<LogLine>>, ValidationProblem, ProblemHttpResult>> ListAsync(
        Guid id,
        [Description("Id of a line: those that follow it. Without it the newest lines are given.")] string? after,
        [Description("nextCursor of the page before; the same as after.")] string? cursor,
        string? limit, RunReader runs, RunDetailReader details, CancellationToken cancellationToken)
    {
        if (!await runs.ExistsAsync(id, cancellationToken))
        {
            return Problems.NotFound("run", id);
        }

        var errors = new RequestErrors();
        var line = errors.Integer("cursor", cursor, 0, long.MaxValue) ?? errors.Integer("after", after, 0, long.MaxValue);
        var count = errors.Limit(limit);
        if (errors.Any)
        {
            return errors.ToProblem();
        }

        if (line is not { } previous)
        {
            return TypedResults.Ok(new ApiList<LogLine>(await details.LogsAsync(id, count, cancellationToken)));
        }

        // One more than asked for tells whether more follow.
        var lines = await details.LogsAfterAsync(id, previous, count + 1, cancellationToken);
        return TypedResults.Ok(lines.Count <= count
            ? new ApiList<LogLine>(lines)
            : new([.. lines.Take(count)], lines[count - 1].Id.ToString(CultureInfo.InvariantCulture)));
    }
}
