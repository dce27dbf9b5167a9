using MaeLab.Storage.Archives;
using MaeLab.Web.Features.Experiments;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

internal static class ArchiveEndpoints
{
    public static void MapArchives(this RouteGroupBuilder root) =>
        root.MapGet("/experiments/{id:guid}/archive", GetAsync).WithTags("Experiments")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound)
            .Produces<byte[]>(StatusCodes.Status200OK, ArchiveFormat.ContentType)
            .WithName("GetExperimentArchive").WithSummary("All of an experiment as one file, to keep, to import elsewhere or to open read-only")
            .WithDescription(
                "A zip file of JSON Lines, columns of numbers, PNG and .safetensors files with a manifest; checkpoints=none|final|all (none by default) says which "
                + "checkpoints are in it. A file that breaks off before its end has no manifest and cannot be imported.");

    private static async Task<Results<PushStreamHttpResult, ValidationProblem, ProblemHttpResult>> GetAsync(
        Guid id, string? checkpoints, ExperimentReader experiments, ExperimentExport export, CancellationToken cancellationToken)
    {
        var errors = new RequestErrors();
        errors.Word<CheckpointChoice>("checkpoints", checkpoints ?? nameof(CheckpointChoice.None), out var choice);
        return errors.Any ? errors.ToProblem()
            : !await experiments.ExistsAsync(id, cancellationToken) ? Problems.NotFound("experiment", id)
            : TypedResults.Stream(
                target => export.WriteAsync(id, choice!.Value, target, cancellationToken), ArchiveFormat.ContentType, ArchiveFormat.FileName(id));
    }
}
