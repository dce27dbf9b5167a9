using System.ComponentModel;
using System.Text.Json.Serialization;
using MaeLab.Domain.Ablations;
using MaeLab.Web.Access;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.NewExperiment;
using MaeLab.Web.Features.Run;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MaeLab.Web.Api;

/// <param name="RunIds">By cell, then seed.</param>
/// <param name="Message">Only where the experiment is not stored yet.</param>
public sealed record SubmittedExperiment(
    Guid Id, IReadOnlyList<Guid> RunIds, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message = null);

/// <param name="Runs">How many runs were asked to end.</param>
public sealed record CancelledRuns(int Runs);

internal static class ExperimentEndpoints
{
    private const string Kept =
        "Kept in the queue: the scheduler is not answering. The experiment appears under its address once it does; there is no need to submit it again.";

    /// <summary>As the column has it.</summary>
    private const int LongestKey = 200;

    public static void MapExperiments(this RouteGroupBuilder root)
    {
        var group = root.MapGroup("/experiments").WithTags("Experiments");
        group.MapPost("/", SubmitAsync).TakesDefinition().ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("SubmitExperiment").WithSummary("Submit an ablation")
            .WithDescription(
                "201 once the scheduler has stored it with all its runs; 202 when it is kept in the queue because the scheduler has not answered for 5 s. "
                + "A request that is repeated with the same Idempotency-Key finds the experiment that the first one made; 422 where that was another definition.")
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        group.MapPost("/preview", PreviewAsync).TakesDefinition()
            .WithName("PreviewExperiment").WithSummary("Cells, runs, tokens, parameters, FLOPs, memory and time of an ablation, without submitting it");
        group.MapGet("/", ListAsync).ProducesValidationProblem().WithName("ListExperiments").WithSummary("Experiments, newest first");
        group.MapGet("/{id:guid}", GetAsync).ProducesProblem(StatusCodes.Status404NotFound)
            .WithName("GetExperiment").WithSummary("One experiment with its definition");
        group.MapPost("/{id:guid}/cancel", CancelAsync).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable).WithName("CancelExperiment").WithSummary("Cancel all runs that are not over");
    }

    private static RouteHandlerBuilder TakesDefinition(this RouteHandlerBuilder endpoint) => endpoint
        .Accepts<ExperimentDefinition>("application/json").WithMetadata(RequestBody.Limit).ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

    private static async Task<Results<Created<SubmittedExperiment>, Accepted<SubmittedExperiment>, ValidationProblem, ProblemHttpResult>> SubmitAsync(
        [FromHeader(Name = "Idempotency-Key"), Description("What the client calls this submission, 1 to 200 characters; a UUID will do.")] string? key,
        HttpRequest request, ExperimentSubmission submission, Actor actor, CancellationToken cancellationToken)
    {
        if (key is not null && (string.IsNullOrWhiteSpace(key) || key.Length > LongestKey))
        {
            return RequestErrors.ToProblem([new("Idempotency-Key", $"The key must have 1 to {LongestKey} characters.")]);
        }

        var (definition, problem) = await RequestBody.ReadTextAsync(request, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var result = await submission.SubmitAsync(Guid.CreateVersion7(), definition, actor, cancellationToken, key);
        var (id, address) = (result.ExperimentId, $"{ApiRegistration.Root}/experiments/{result.ExperimentId}");
        return result.State switch
        {
            SubmissionState.Accepted => TypedResults.Created(address, new SubmittedExperiment(id, result.RunIds)),
            SubmissionState.Kept => TypedResults.Accepted(address, new SubmittedExperiment(id, result.RunIds, Kept)),
            SubmissionState.Rejected => RequestErrors.ToProblem(result.Errors),
            SubmissionState.NotSent => Problems.BrokerAway(),
            SubmissionState.KeyInUse => Problems.KeyInUse(),
            _ => throw new InvalidOperationException($"Unknown outcome {result.State} of a submission."),
        };
    }

    private static async Task<Results<Ok<ExperimentPreview>, ValidationProblem, ProblemHttpResult>> PreviewAsync(
        HttpRequest request, ExperimentPlanner planner, CancellationToken cancellationToken)
    {
        var (definition, problem) = await RequestBody.ReadTextAsync(request, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var context = await planner.ReadAsync(cancellationToken);
        var plan = context.Check(definition);
        return plan.IsValid ? TypedResults.Ok(context.Preview(plan.Value)) : RequestErrors.ToProblem(plan.Errors);
    }

    private static async Task<Results<Ok<ExperimentList>, ValidationProblem>> ListAsync(
        string? cursor, string? limit, ExperimentReader experiments, CancellationToken cancellationToken)
    {
        var errors = new RequestErrors();
        var before = errors.Id("cursor", cursor);
        var count = errors.Limit(limit);
        return errors.Any ? errors.ToProblem() : TypedResults.Ok(await experiments.ListAsync(before, count, cancellationToken));
    }

    private static async Task<Results<Ok<ExperimentDetail>, ProblemHttpResult>> GetAsync(
        Guid id, ExperimentReader experiments, CancellationToken cancellationToken) =>
        await experiments.FindAsync(id, cancellationToken) is { } experiment ? TypedResults.Ok(experiment) : Problems.NotFound("experiment", id);

    private static async Task<Results<Accepted<CancelledRuns>, ProblemHttpResult>> CancelAsync(
        Guid id, ExperimentReader experiments, RunControl control, Actor actor, CancellationToken cancellationToken)
    {
        if (!await experiments.ExistsAsync(id, cancellationToken))
        {
            return Problems.NotFound("experiment", id);
        }

        return await control.CancelAllAsync(id, actor, cancellationToken) is { } runs
            ? TypedResults.Accepted($"{ApiRegistration.Root}/experiments/{id}", new CancelledRuns(runs))
            : Problems.BrokerAway();
    }
}
