using MaeLab.Web.Features.Gallery;
using MaeLab.Web.Features.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

internal static class ReconstructionEndpoints
{
    public static void MapReconstructions(this RouteGroupBuilder root) =>
        root.MapGet("/runs/{id:guid}/reconstructions", ListAsync).WithTags("Results").ProducesProblem(StatusCodes.Status404NotFound)
            .WithName("ListReconstructions").WithSummary("How far a run's reconstructions are off at each of its evaluations, and by patch for the gallery's images")
            .WithDescription("Patch l of g x g lies in row l / g and column l % g; errors are mean squares in pixels of [0, 1]. The gallery is null in results of older versions.");

    private static async Task<Results<Ok<ApiList<ReconstructionSummary>>, ProblemHttpResult>> ListAsync(
        Guid id, RunReader runs, GalleryReader galleries, CancellationToken cancellationToken) =>
        await runs.ExistsAsync(id, cancellationToken)
            ? TypedResults.Ok(new ApiList<ReconstructionSummary>(await galleries.ResultsAsync(id, cancellationToken)))
            : Problems.NotFound("run", id);
}
