using MaeLab.Web.Access;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

/// <summary>Runs are deleted in two steps: hidden at once, removed for good a week later; until then they can be had back.</summary>
internal static class DeletionEndpoints
{
    public static void MapDeletion(this RouteGroupBuilder root)
    {
        var group = root.MapGroup("/runs").WithTags("Runs");
        group.MapDelete("/{id:guid}", DeleteAsync).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable).WithName("DeleteRun").WithSummary("Delete a run that is over")
            .WithDescription("202 when the request is on its way to the scheduler; 409 where the run is not over: cancel it first. It can be restored until it is removed for good, by default after 7 days.");
        group.MapPost("/{id:guid}/restore", RestoreAsync).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable).WithName("RestoreRun").WithSummary("Have a deleted run back")
            .WithDescription("202 when the request is on its way to the scheduler; 409 where the run was not deleted.");
    }

    private static async Task<Results<Accepted<RequestedChange>, ProblemHttpResult>> DeleteAsync(
        Guid id, RunReader runs, RunBulk bulk, Actor actor, CancellationToken cancellationToken)
    {
        // Of runs alone: a job goes with the run that it examines.
        if (await runs.FindAsync([id], cancellationToken) is [])
        {
            return Problems.NotFound("run", id);
        }

        return await bulk.CountOpenAsync([id], cancellationToken) > 0
            ? Problems.Conflict("The run is not over; cancel it first.")
            : ToAnswer(id, await bulk.DeleteAsync([id], actor, cancellationToken));
    }

    private static async Task<Results<Accepted<RequestedChange>, ProblemHttpResult>> RestoreAsync(Guid id, RunBulk bulk, Actor actor, CancellationToken cancellationToken) =>
        await bulk.IsDeletedAsync(id, cancellationToken) switch
        {
            null => Problems.NotFound("run", id),
            false => Problems.Conflict("The run was not deleted."),
            true => ToAnswer(id, await bulk.RestoreAsync([id], actor, cancellationToken)),
        };

    private static Results<Accepted<RequestedChange>, ProblemHttpResult> ToAnswer(Guid id, bool sent) =>
        sent ? TypedResults.Accepted($"{ApiRegistration.Root}/runs/{id}", new RequestedChange(id)) : Problems.BrokerAway();
}
