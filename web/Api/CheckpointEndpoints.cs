using MaeLab.Storage.Checkpoints;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Runs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace MaeLab.Web.Api;

internal static class CheckpointEndpoints
{
    public static void MapCheckpoints(this RouteGroupBuilder root)
    {
        root.MapGet("/runs/{id:guid}/checkpoints", ListAsync).WithTags("Results").ProducesProblem(StatusCodes.Status404NotFound)
            .WithName("ListCheckpoints").WithSummary("Complete checkpoints of a run, newest first");
        root.MapGet("/checkpoints/{id:guid}/content", GetContentAsync).WithTags("Results").ProducesProblem(StatusCodes.Status404NotFound)
            .Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream")
            .WithName("GetCheckpointContent").WithSummary("A checkpoint as a .safetensors file")
            .WithDescription("ETag is the SHA-256 of the file. A file that is damaged in the database breaks off before its end.");
    }

    private static async Task<Results<Ok<ApiList<CheckpointSummary>>, ProblemHttpResult>> ListAsync(
        Guid id, RunReader runs, RunDetailReader details, CancellationToken cancellationToken) =>
        await runs.ExistsAsync(id, cancellationToken)
            ? TypedResults.Ok(new ApiList<CheckpointSummary>(await details.CheckpointsAsync(id, cancellationToken)))
            : Problems.NotFound("run", id);

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> GetContentAsync(
        Guid id, HttpResponse response, CheckpointStore store, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } checkpoint)
        {
            return Problems.NotFound("checkpoint", id);
        }

        // With its length known, a client tells a file that broke off from a whole one.
        response.ContentLength = checkpoint.SizeBytes;
        return TypedResults.Stream(
            target => store.CopyToAsync(id, target, cancellationToken),
            "application/octet-stream",
            $"maelab-{checkpoint.RunId}-step-{checkpoint.Step}.safetensors",
            entityTag: new EntityTagHeaderValue($"\"{checkpoint.Sha256}\""));
    }
}
