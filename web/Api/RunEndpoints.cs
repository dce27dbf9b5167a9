using MaeLab.Contracts.Commands;
using MaeLab.Web.Access;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Runs;
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
                + "(created and the recipe's fields); metrics move while runs train. Archived runs are left out unless they are asked for, deleted ones always.");
        group.MapGet("/{id:guid}", GetAsync).ProducesProblem(StatusCodes.Status404NotFound)
            .WithName("GetRun").WithSummary("One run with its recipe, state, progress and attempts");
        foreach (var action in Enum.GetValues<RunAction>())
        {
            group.MapPost(
                    $"/{{id:guid}}/{Word(action)}",
                    (Guid id, RunControl control, RunReader runs, Actor actor, CancellationToken cancellationToken) => ControlAsync(id, action, control, runs, actor, cancellationToken))
                .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
                .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
                .WithName($"{action}Run").WithSummary($"{action} a run")
                .WithDescription("202 when the request is on its way to the scheduler; 409 where the run's state does not allow it.");
        }
    }

    private static async Task<Results<Ok<RunPage<RunListItem>>, ValidationProblem>> ListAsync(
        [AsParameters] RunListParameters parameters, RunReader runs, RunColumnReader columns, CancellationToken cancellationToken)
    {
        var errors = new RequestErrors();
        var (query, asked) = parameters.ToQuery(errors);
        if (errors.Any)
        {
            return errors.ToProblem();
        }

        var page = await runs.ListAsync(query, cancellationToken);
        return TypedResults.Ok(new RunPage<RunListItem>(await columns.CompleteAsync(page.Items, asked, cancellationToken), page.NextCursor));
    }

    private static async Task<Results<Ok<RunDetail>, ProblemHttpResult>> GetAsync(
        Guid id, RunDetailReader runs, CancellationToken cancellationToken) =>
        await runs.FindAsync(id, cancellationToken) is { } run ? TypedResults.Ok(run) : Problems.NotFound("run", id);

    private static async Task<Results<Accepted<RequestedAction>, ProblemHttpResult>> ControlAsync(
        Guid id, RunAction action, RunControl control, RunReader runs, Actor actor, CancellationToken cancellationToken) =>
        await control.SendAsync(id, action, actor, cancellationToken) switch
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
