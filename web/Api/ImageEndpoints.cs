using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

internal static class ImageEndpoints
{
    public static void MapImages(this RouteGroupBuilder root)
    {
        root.MapGet("/runs/{id:guid}/images", ListAsync).WithTags("Results").ProducesProblem(StatusCodes.Status404NotFound)
            .WithName("ListImages").WithSummary("Images of a run: reconstructions of the gallery, by step, gallery image and kind");
        root.MapGet("/images/{id:guid}/content", GetContentAsync).WithTags("Results").ProducesProblem(StatusCodes.Status404NotFound)
            .Produces<byte[]>(StatusCodes.Status200OK, "image/png").WithName("GetImageContent").WithSummary("An image as PNG");
    }

    private static async Task<Results<Ok<ApiList<ImageSummary>>, ProblemHttpResult>> ListAsync(
        Guid id, RunReader runs, RunDetailReader details, CancellationToken cancellationToken) =>
        await runs.ExistsAsync(id, cancellationToken)
            ? TypedResults.Ok(new ApiList<ImageSummary>(await details.ImagesAsync(id, cancellationToken)))
            : Problems.NotFound("run", id);

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> GetContentAsync(
        Guid id, HttpResponse response, RunDetailReader details, CancellationToken cancellationToken)
    {
        if (await details.ImageAsync(id, cancellationToken) is not { } png)
        {
            return Problems.NotFound("image", id);
        }

        // An image never changes under its id. Private: only those with the token may keep it.
        response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return TypedResults.File(png, "image/png");
    }
}
