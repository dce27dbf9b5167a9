using System.ComponentModel;
using MaeLab.Contracts.Commands;
using MaeLab.Domain.Runs;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

/// <summary>The request is on its way to the scheduler; the run's state follows.</summary>
public sealed record RequestedAction(Guid Id, RunAction Action);

internal static class RunEndpoints
{
    public static void MapRuns(this RouteGroupBuilder root)
    {
        var group = root.MapGroup("/runs").WithTags("Runs");
        group.MapGet("/", ListAsync).ProducesValidationProblem().WithName("ListRuns").WithSummary("Runs, filtered and sorted")
            .WithDescription(
                "Rows that come while one pages are neither missed nor shown twice where the order is one that does not change "
                + "(created, maskRatio, patchSize, seed); loss and linearAccuracy move while runs train.");
        group.MapGet("/{id:guid}", GetAsync).ProducesProblem(StatusCodes.Status404NotFound)
            .WithName("GetRun").WithSummary("One run with its recipe, state, progress and attempts");
        foreach (var action in Enum.GetValues<RunAction>())
        {
            group.MapPost(
                    $"/{{id:guid}}/{Word(action)}",
                    (Guid id, RunControl control, RunReader runs, CancellationToken cancellationToken) => ControlAsync(id, action, control, runs, cancellationToken))
                .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
                .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
                .WithName($"{action}Run").WithSummary($"{action} a run")
                .WithDescription("202 when the request is on its way to the scheduler; 409 where the run's state does not allow it.");
        }
    }

    private static async Task<Results<Ok<RunPage>, ValidationProblem>> ListAsync(
        [Description("Id of the experiment.")] string? experiment,
        [Description("A state, or several with commas.")] string? state,
        [Description("Part of the experiment's or the data set's name, or the id of a run.")] string? q,
        [Description("created, maskRatio, patchSize, seed, loss or linearAccuracy, falling with a leading minus; -created by default.")] string? sort,
        string? cursor, string? limit, RunReader runs, CancellationToken cancellationToken)
    {
        var errors = new RequestErrors();
        var experimentId = errors.Id("experiment", experiment);
        var states = new List<RunState>();
        foreach (var word in (state ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (errors.Word<RunState>("state", word, out var known))
            {
                states.Add(known.Value);
            }
        }

        var (sortWord, falling) = RunOrder.Split(sort);
        errors.Word<RunSort>("sort", sortWord, out var order);
        if (!RunCursor.TryParse(cursor, out var after) && !string.IsNullOrEmpty(cursor))
        {
            errors.Add("cursor", "This is no cursor; pass nextCursor of the page before, unchanged.");
        }
        else if (after is { } place && (place.Sort, place.Descending) != (order, falling))
        {
            errors.Add("cursor", "This cursor belongs to another order; go on with the sort it came from, or begin anew without it.");
        }

        var count = errors.Limit(limit);
        return errors.Any
            ? errors.ToProblem()
            : TypedResults.Ok(await runs.ListAsync(new(experimentId, states, q, order ?? RunSort.Created, falling, after, count), cancellationToken));
    }

    private static async Task<Results<Ok<RunDetail>, ProblemHttpResult>> GetAsync(
        Guid id, RunDetailReader runs, CancellationToken cancellationToken) =>
        await runs.FindAsync(id, cancellationToken) is { } run ? TypedResults.Ok(run) : Problems.NotFound("run", id);

    private static async Task<Results<Accepted<RequestedAction>, ProblemHttpResult>> ControlAsync(
        Guid id, RunAction action, RunControl control, RunReader runs, CancellationToken cancellationToken) =>
        await control.SendAsync(id, action, People.Client, cancellationToken) switch
        {
            ControlOutcome.Sent => TypedResults.Accepted($"{ApiRegistration.Root}/runs/{id}", new RequestedAction(id, action)),
            ControlOutcome.NoSuchRun => Problems.NotFound("run", id),
            ControlOutcome.NotApplicable => Problems.Conflict(
                $"The run is {(await runs.FindAsync(id, cancellationToken))?.State.ToString().ToLowerInvariant()}; {Word(action)} does not apply to that."),
            ControlOutcome.NotSent => Problems.BrokerAway(),
            var outcome => throw new InvalidOperationException($"Unknown outcome {outcome} of an action on a run."),
        };

    private static string Word(RunAction action) => action.ToString().ToLowerInvariant();
}
