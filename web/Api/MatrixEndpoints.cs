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
        group.MapGet("/export", ExportAsync).Produces<string>(StatusCodes.Status200OK, TableFormats.ContentTypes[0], TableFormats.ContentTypes[1..])
            .WithName("ExportMatrix").WithSummary("The matrix as CSV (one line a cell) or as a booktabs table for LaTeX");
    }

    private static async Task<Results<Ok<MatrixResponse>, ValidationProblem, ProblemHttpResult>> GetAsync(
        Guid id, [AsParameters] ValueParameters value, [AsParameters] MatrixParameters parameters,
        ExperimentReader experiments, MatrixReader metrics, ResultReader results, CancellationToken cancellationToken)
    {
        var errors = new RequestErrors();
        var read = await ReadAsync(id, value, parameters, errors, experiments, metrics, results, cancellationToken);
        return read.Problem is { } problem ? problem
            : errors.Any ? errors.ToProblem()
            : TypedResults.Ok(MatrixResponse.Of(read.Matrix!, read.Results!.Values));
    }

    private static async Task<Results<FileContentHttpResult, ValidationProblem, ProblemHttpResult>> ExportAsync(
        Guid id, string? format, [AsParameters] ValueParameters value, [AsParameters] MatrixParameters parameters,
        ExperimentReader experiments, MatrixReader metrics, ResultReader results, CancellationToken cancellationToken)
    {
        var errors = new RequestErrors();
        var table = errors.Table(format);
        var read = await ReadAsync(id, value, parameters, errors, experiments, metrics, results, cancellationToken);
        return read.Problem is { } problem ? problem
            : errors.Any ? errors.ToProblem()
            : table!.Value.File(
                $"maelab-{id}", () => MatrixExport.ToCsv(read.Results!, read.Matrix!), () => MatrixExport.ToLatex(read.Results!, read.Matrix!));
    }

    /// <returns>Nothing where there are errors.</returns>
    private static async Task<(ExperimentResults? Results, Matrix? Matrix, ProblemHttpResult? Problem)> ReadAsync(
        Guid id, ValueParameters value, MatrixParameters parameters, RequestErrors errors,
        ExperimentReader experiments, MatrixReader metrics, ResultReader results, CancellationToken cancellationToken)
    {
        if (await experiments.FindAsync(id, cancellationToken) is not { } experiment)
        {
            return (null, null, Problems.NotFound("experiment", id));
        }

        var query = parameters.ToQuery(experiment, value, await metrics.MetricNamesAsync(id, cancellationToken), errors);
        if (errors.Any)
        {
            return (null, null, null);
        }

        var read = await results.ReadAsync(experiment, query.Metric, query.Value, cancellationToken);
        return (read, read.ToMatrix(query), null);
    }
}
