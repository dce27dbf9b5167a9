using MaeLab.Web.Features.Runners;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

internal static class RunnerEndpoints
{
    public static void MapRunners(this RouteGroupBuilder root) =>
        root.MapGet("/runners", ListAsync).WithTags("Runners").WithName("ListRunners").WithSummary("Runners and what they have in hand");

    private static async Task<Ok<ApiList<RunnerSummary>>> ListAsync(RunnerReader runners, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ApiList<RunnerSummary>(await runners.ListAsync(cancellationToken)));
}
