using MaeLab.Contracts.Commands;
using MaeLab.Domain;
using MaeLab.Domain.Ablations;
using MaeLab.Web.Access;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.NewExperiment;
using MaeLab.Web.Features.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

/// <summary>Cells that an experiment was submitted without, as a star has none off its arms.</summary>
internal static class CellEndpoints
{
    public static void MapCells(this RouteGroupBuilder root) =>
        root.MapGroup("/experiments").WithTags("Experiments").MapPost("/{id:guid}/cells", QueueAsync).TakesBody<CellChoice>()
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("QueueCell").WithSummary("Run a combination of levels that the experiment has no runs of, with all its seeds")
            .WithDescription("202 when the request is on its way to the scheduler. 409 where there are runs of it already.");

    private static async Task<Results<Accepted<RequestedChange>, ValidationProblem, ProblemHttpResult>> QueueAsync(
        Guid id, HttpRequest request, ExperimentReader experiments, RunReader runs, ExperimentPlanner planner, CommandSender commands, Actor actor, CancellationToken cancellationToken)
    {
        if (await experiments.FindAsync(id, cancellationToken) is not { } experiment)
        {
            return Problems.NotFound("experiment", id);
        }

        var context = await planner.ReadAsync(cancellationToken);
        Checked<AblationPlan> Plan(CellChoice choice) =>
            AblationPlan.OfCell(experiment.Definition.ToJsonString(), experiment.Axes, choice.LevelsOf(experiment.Axes), context.Datasets);
        var (choice, errors, problem) = await RequestBody.ReadAsync<CellChoice>(request, given => Plan(given).Errors, cancellationToken);
        if (choice is null)
        {
            return problem is null ? RequestErrors.ToProblem(errors) : problem;
        }

        var cell = Plan(choice).Value!.Cells[0].LevelsJson().ToJsonString();
        if ((await runs.OfExperimentAsync(id, cancellationToken)).Any(run => run.Levels.ToJsonString() == cell))
        {
            return Problems.Conflict("The experiment has runs of this cell already; runs that failed or were cancelled are tried again by /runs/{id}/retry.");
        }

        return await commands.SendAsync(actor, new QueueCell(id, choice.LevelsOf(experiment.Axes), actor.Name), cancellationToken)
            ? TypedResults.Accepted($"{ApiRegistration.Root}/experiments/{id}", new RequestedChange(id))
            : Problems.BrokerAway();
    }
}
