using System.Globalization;
using MaeLab.Domain;
using MaeLab.Web.Access;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

/// <summary>The request is on its way to the scheduler.</summary>
public sealed record RequestedChange(Guid Id);

/// <summary>Who goes first: priority, weight and order after submission.</summary>
internal static class QueueEndpoints
{
    private const string Later = "202 when the request is on its way to the scheduler.";

    public static void MapQueue(this RouteGroupBuilder root)
    {
        var experiments = root.MapGroup("/experiments").WithTags("Experiments");
        experiments.MapPatch("/{id:guid}", ChangeExperimentAsync).TakesBody<ExperimentChange>().ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("ChangeExperiment").WithSummary("Change priority or weight of an experiment").WithDescription(Later);
        experiments.MapPatch("/{id:guid}/cells/{cell}", ChangeCellAsync).TakesBody<RunChange>().ProducesProblem(StatusCodes.Status503ServiceUnavailable).ProducesProblem(StatusCodes.Status409Conflict)
            .WithName("ChangeCell").WithSummary("Change the priority of a cell's runs")
            .WithDescription($"The cell by its index, as runs have it in cellIndex. {Later}");
        var runs = root.MapGroup("/runs").WithTags("Runs");
        runs.MapPatch("/{id:guid}", ChangeRunAsync).TakesBody<RunChange>().ProducesProblem(StatusCodes.Status503ServiceUnavailable).ProducesProblem(StatusCodes.Status409Conflict)
            .WithName("ChangeRun").WithSummary("Change the priority of a run").WithDescription($"{Later} 409 where it is over.");
        runs.MapPost("/{id:guid}/move", MoveRunAsync).TakesBody<RunMove>().ProducesProblem(StatusCodes.Status503ServiceUnavailable).ProducesProblem(StatusCodes.Status409Conflict)
            .WithName("MoveRun").WithSummary("Move a queued run before or behind another one of its experiment, or to the front")
            .WithDescription($"It takes the priority of its new place. A scheduler older than web does not know after, and moves to the front instead. {Later} 409 where it does not wait.");
    }

    private static async Task<Results<Accepted<RequestedChange>, ValidationProblem, ProblemHttpResult>> ChangeExperimentAsync(
        Guid id, HttpRequest request, ExperimentReader experiments, QueueControl control, Actor actor, CancellationToken cancellationToken)
    {
        if (!await experiments.ExistsAsync(id, cancellationToken))
        {
            return Problems.NotFound("experiment", id);
        }

        return await SendAsync<ExperimentChange>(
            request,
            change => change.Check(),
            async change => await control.ChangeAsync(id, change.Priority, change.Weight, actor, cancellationToken) ? ControlOutcome.Sent : ControlOutcome.NotSent,
            $"{ApiRegistration.Root}/experiments/{id}", id, conflict: "", cancellationToken);
    }

    private static async Task<Results<Accepted<RequestedChange>, ValidationProblem, ProblemHttpResult>> ChangeCellAsync(
        Guid id, string cell, HttpRequest request, RunReader runs, ExperimentReader experiments, QueueControl control, Actor actor, CancellationToken cancellationToken)
    {
        if (!await experiments.ExistsAsync(id, cancellationToken))
        {
            return Problems.NotFound("experiment", id);
        }

        var ofCell = (await runs.OfExperimentAsync(id, cancellationToken))
            .Where(run => run.CellIndex.ToString(CultureInfo.InvariantCulture) == cell).Select(run => run.Id).ToList();
        return ofCell.Count == 0
            ? Problems.NoSuchCell(id, cell)
            : await SendAsync<RunChange>(
                request,
                change => change.Check(),
                change => control.PrioritizeAsync(id, ofCell, change.Priority!.Value, actor, cancellationToken),
                $"{ApiRegistration.Root}/experiments/{id}", id, "All runs of the cell are over.", cancellationToken);
    }

    private static async Task<Results<Accepted<RequestedChange>, ValidationProblem, ProblemHttpResult>> ChangeRunAsync(
        Guid id, HttpRequest request, RunReader runs, QueueControl control, Actor actor, CancellationToken cancellationToken) =>
        await runs.FindAsync(id, cancellationToken) is { } run
            ? await SendAsync<RunChange>(
                request,
                change => change.Check(),
                change => control.PrioritizeAsync(run.ExperimentId, [id], change.Priority!.Value, actor, cancellationToken),
                $"{ApiRegistration.Root}/runs/{id}", id, $"The run is {Word(run)}: its priority says nothing any more.", cancellationToken)
            : Problems.NotFound("run", id);

    private static async Task<Results<Accepted<RequestedChange>, ValidationProblem, ProblemHttpResult>> MoveRunAsync(
        Guid id, HttpRequest request, RunReader runs, QueueControl control, Actor actor, CancellationToken cancellationToken) =>
        await runs.FindAsync(id, cancellationToken) is { } run
            ? await SendAsync<RunMove>(
                request,
                move => move.Check(),
                move => control.MoveAsync(run.ExperimentId, [id], move.Before, actor, cancellationToken, move.After),
                $"{ApiRegistration.Root}/runs/{id}", id, $"The run is {Word(run)}; only queued ones can be moved.", cancellationToken)
            : Problems.NotFound("run", id);

    private static async Task<Results<Accepted<RequestedChange>, ValidationProblem, ProblemHttpResult>> SendAsync<T>(
        HttpRequest request, Func<T, IEnumerable<FieldError>> check, Func<T, Task<ControlOutcome>> send,
        string address, Guid id, string conflict, CancellationToken cancellationToken)
        where T : class
    {
        var (body, errors, problem) = await RequestBody.ReadAsync(request, check, cancellationToken);
        if (body is null)
        {
            return problem is null ? RequestErrors.ToProblem(errors) : problem;
        }

        return await send(body) switch
        {
            ControlOutcome.Sent => TypedResults.Accepted(address, new RequestedChange(id)),
            ControlOutcome.NoSuchRun => Problems.NotFound("run", id),
            ControlOutcome.NotApplicable => Problems.Conflict(conflict),
            ControlOutcome.NotSent => Problems.BrokerAway(),
            var outcome => throw new InvalidOperationException($"Unknown outcome {outcome} of a change of the queue."),
        };
    }

    private static string Word(RunSummary run) => run.State.ToString().ToLowerInvariant();
}
