using MaeLab.Contracts.Commands;
using MaeLab.Domain;
using MaeLab.Domain.Ablations;
using MaeLab.Web.Access;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.NewExperiment;
using MaeLab.Web.Features.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

/// <summary>What an experiment lacks of its cells: a star all off its arms, another the seeds whose runs were deleted.</summary>
internal static class CellEndpoints
{
    public static void MapCells(this RouteGroupBuilder root) =>
        root.MapGroup("/experiments").WithTags("Experiments").MapPost("/{id:guid}/cells", QueueAsync).TakesBody<CellChoice>()
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("QueueCell").WithSummary("Run the seeds that the experiment lacks of a combination of levels: all of one that it has no runs of, else those whose runs were deleted")
            .WithDescription("202 when the request is on its way to the scheduler. 409 where it lacks none: runs that failed or were cancelled are tried again instead.");

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

        var plan = Plan(choice).Value!;
        var cell = plan.Cells[0].LevelsJson().ToJsonString();
        var present = (await runs.OfExperimentAsync(id, cancellationToken)).Where(run => run.Levels.ToJsonString() == cell).Select(run => run.Seed);
        if (!plan.Seeds.Except(present).Any())
        {
            return Problems.Conflict("The experiment has runs of this cell with all seeds; runs that failed or were cancelled are tried again by /runs/{id}/retry.");
        }

        return await commands.SendAsync(actor, new QueueCell(id, choice.LevelsOf(experiment.Axes), actor.Name), cancellationToken)
            ? TypedResults.Accepted($"{ApiRegistration.Root}/experiments/{id}", new RequestedChange(id))
            : Problems.BrokerAway();
    }
}
