using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

internal static class ClassificationEndpoints
{
    public static void MapClassifications(this RouteGroupBuilder root) =>
        root.MapGet("/runs/{id:guid}/classifications", ListAsync).WithTags("Results").ProducesProblem(StatusCodes.Status404NotFound)
            .WithName("ListClassifications").WithSummary("The newest result of every classifier built on a run's encoder: accuracy, by class, and confusion matrix");

    private static async Task<Results<Ok<ApiList<ClassificationSummary>>, ProblemHttpResult>> ListAsync(
        Guid id, RunReader runs, RunDetailReader details, CancellationToken cancellationToken) =>
        await runs.ExistsAsync(id, cancellationToken)
            ? TypedResults.Ok(new ApiList<ClassificationSummary>(await details.ClassificationsAsync(id, cancellationToken)))
            : Problems.NotFound("run", id);
}
