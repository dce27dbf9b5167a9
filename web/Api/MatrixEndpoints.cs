using System.Text;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Features.Experiments;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

internal static class MatrixEndpoints
{
    public static void MapMatrix(this RouteGroupBuilder root)
    {
        var group = root.MapGroup("/experiments/{id:guid}").WithTags("Experiments")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/matrix", GetAsync).WithName("GetMatrix").WithSummary("A metric by two factors: mean over seeds with its confidence interval")
            .WithDescription("Numbers that do not exist (no run has a value, one run has no spread) are null.");
        group.MapGet("/export", ExportAsync).Produces<string>(StatusCodes.Status200OK, "text/csv", "application/x-tex")
            .WithName("ExportMatrix").WithSummary("The matrix as CSV (one line a cell) or as a booktabs table for LaTeX");
    }

    private static async Task<Results<Ok<MatrixResponse>, ValidationProblem, ProblemHttpResult>> GetAsync(
        Guid id, [AsParameters] MatrixParameters parameters, ExperimentReader experiments, MatrixReader matrices, CancellationToken cancellationToken)
    {
        if (await experiments.FindAsync(id, cancellationToken) is not { } experiment)
        {
            return Problems.NotFound("experiment", id);
        }

        var errors = new RequestErrors();
        var query = parameters.ToQuery(experiment, await matrices.MetricNamesAsync(id, cancellationToken), errors);
        return errors.Any
            ? errors.ToProblem()
            : TypedResults.Ok(MatrixResponse.Of(await matrices.ReadAsync(experiment, query, cancellationToken), query.Value));
    }

    private static async Task<Results<FileContentHttpResult, ValidationProblem, ProblemHttpResult>> ExportAsync(
        Guid id, string? format, [AsParameters] MatrixParameters parameters,
        ExperimentReader experiments, MatrixReader matrices, CancellationToken cancellationToken)
    {
        if (await experiments.FindAsync(id, cancellationToken) is not { } experiment)
        {
            return Problems.NotFound("experiment", id);
        }

        var errors = new RequestErrors();
        if (format is not ("csv" or "latex"))
        {
            errors.Add("format", $"'{format}' is no format; use csv or latex.");
        }

        var query = parameters.ToQuery(experiment, await matrices.MetricNamesAsync(id, cancellationToken), errors);
        if (errors.Any)
        {
            return errors.ToProblem();
        }

        var matrix = await matrices.ReadAsync(experiment, query, cancellationToken);
        return format == "csv"
            ? TypedResults.File(Encoding.UTF8.GetBytes(MatrixExport.ToCsv(matrix)), "text/csv; charset=utf-8", $"maelab-{id}.csv")
            : TypedResults.File(Encoding.UTF8.GetBytes(MatrixExport.ToLatex(matrix, experiment.Name)), "application/x-tex; charset=utf-8", $"maelab-{id}.tex");
    }
}
