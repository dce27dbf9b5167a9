using MaeLab.Domain.Ablations;
using MaeLab.Storage.Checkpoints;
using MaeLab.Web.Access;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Features.Theory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

/// <summary>The request is on its way to the scheduler.</summary>
/// <param name="Jobs">Each is a run of its own: /runs/{id} tells its state, and takes cancel, pause, resume and retry.</param>
public sealed record RequestedTheory(IReadOnlyList<Guid> Jobs);

/// <param name="Results">So far; they count as values of the run once the job has completed.</param>
public sealed record TheoryJobWithResults(TheoryJob Job, IEnumerable<TheoryJobResult> Results);

internal static class TheoryEndpoints
{
    private const string Tag = "Theory";

    private const string Later =
        "202 when the request is on its way to the scheduler. A checkpoint whose job waits, runs or has completed gets no second one; a job that failed or was cancelled is tried again.";

    public static void MapTheory(this RouteGroupBuilder root)
    {
        root.MapPost("/checkpoints/{id:guid}/theory", ExamineAsync).WithTags(Tag).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("ExamineCheckpoint").WithSummary("Run all theory probes on a checkpoint").WithDescription(Later);
        root.MapPost("/experiments/{id:guid}/theory", ExamineAllAsync).WithTags(Tag).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("ExamineExperiment").WithSummary("Run all theory probes on the final checkpoint of every run")
            .WithDescription($"{Later} 409 where no run has its final checkpoint yet.");
        root.MapGet("/runs/{id:guid}/theory", ListAsync).WithTags(Tag).ProducesProblem(StatusCodes.Status404NotFound)
            .WithName("ListTheoryJobs").WithSummary("Jobs that examine a run, that of its newest checkpoint first, and what they found");
    }

    private static async Task<Results<Accepted<RequestedTheory>, ProblemHttpResult>> ExamineAsync(
        Guid id, CheckpointStore checkpoints, TheoryControl control, Actor actor, CancellationToken cancellationToken) =>
        await checkpoints.FindAsync(id, cancellationToken) is { } checkpoint
            ? await SendAsync($"{ApiRegistration.Root}/runs/{checkpoint.RunId}/theory", [id], control, actor, cancellationToken)
            : Problems.NotFound("checkpoint", id);

    private static async Task<Results<Accepted<RequestedTheory>, ProblemHttpResult>> ExamineAllAsync(
        Guid id, ExperimentReader experiments, TheoryJobReader jobs, TheoryControl control, Actor actor, CancellationToken cancellationToken)
    {
        if (!await experiments.ExistsAsync(id, cancellationToken))
        {
            return Problems.NotFound("experiment", id);
        }

        var final = await jobs.OfExperimentAsync(id, cancellationToken);
        return final.Count == 0
            ? Problems.Conflict("No run of the experiment has its final checkpoint yet; each leaves one at its end.")
            : await SendAsync($"{ApiRegistration.Root}/experiments/{id}", [.. final.Select(checkpoint => checkpoint.Id)], control, actor, cancellationToken);
    }

    private static async Task<Results<Ok<ApiList<TheoryJobWithResults>>, ProblemHttpResult>> ListAsync(
        Guid id, RunReader runs, TheoryJobReader reader, CancellationToken cancellationToken)
    {
        if (!await runs.ExistsAsync(id, cancellationToken))
        {
            return Problems.NotFound("run", id);
        }

        var jobs = await reader.OfRunAsync(id, cancellationToken);
        var results = await reader.ResultsAsync([.. jobs.Select(job => job.Id)], cancellationToken);
        return TypedResults.Ok(new ApiList<TheoryJobWithResults>([.. jobs.Select(job => new TheoryJobWithResults(job, results[job.Id]))]));
    }

    private static async Task<Results<Accepted<RequestedTheory>, ProblemHttpResult>> SendAsync(
        string address, IReadOnlyList<Guid> checkpointIds, TheoryControl control, Actor actor, CancellationToken cancellationToken) =>
        await control.ExamineAsync(checkpointIds, actor, cancellationToken)
            ? TypedResults.Accepted(address, new RequestedTheory([.. checkpointIds.Select(RunIds.OfTheory)]))
            : Problems.BrokerAway();
}
