using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.Report;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

internal static class ReportEndpoints
{
    public static void MapReport(this RouteGroupBuilder root) => root.MapGet("/experiments/{id:guid}/report", GetAsync).WithTags("Experiments")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).Produces<string>(StatusCodes.Status200OK, ReportFile.ContentType)
        .WithName("GetReport").WithSummary("A report of the experiment as one HTML file that needs neither network nor script")
        .WithDescription("Finding, definition, matrix, statistics, curves, reconstructions, runs with the hashes of their recipes, and how to repeat it.");

    private static async Task<Results<FileContentHttpResult, ValidationProblem, ProblemHttpResult>> GetAsync(
        Guid id, [AsParameters] ValueParameters value, [AsParameters] MatrixParameters parameters,
        ExperimentReader experiments, MatrixReader metrics, ReportReader reports, ReportFile file, CancellationToken cancellationToken)
    {
        if (await experiments.FindAsync(id, cancellationToken) is not { } experiment)
        {
            return Problems.NotFound("experiment", id);
        }

        var errors = new RequestErrors();
        var query = parameters.ToQuery(experiment, value, await metrics.MetricNamesAsync(id, cancellationToken), errors);
        if (errors.Any)
        {
            return errors.ToProblem();
        }

        return await reports.ReadAsync(id, query, cancellationToken) is { } report
            ? TypedResults.File(await file.WriteAsync(report), ReportFile.ContentType, ReportFile.NameOf(report))
            : Problems.NotFound("experiment", id);
    }
}
