using System.ComponentModel;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Features.Experiments;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

internal static class ComparisonEndpoints
{
    private const string AgainstHelp = "Index of the cell to compare with, as cellIndex of its runs; the baseline where left out.";

    public static void MapComparisons(this RouteGroupBuilder root)
    {
        var group = root.MapGroup("/experiments/{id:guid}/comparisons").WithTags("Experiments")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/", GetAsync).WithName("GetComparisons").WithSummary("All cells against one of them, paired by seed, with tests and what may be said")
            .WithDescription(
                "Complete runs only. The finding is by the exact sign-flip permutation test after Holm's correction over the cells, alpha 0.05; "
                + "notEnoughSeeds says that no differences, however large, could have told the two apart, and how many seeds could.");
        group.MapGet("/export", ExportAsync).Produces<string>(StatusCodes.Status200OK, TableFormats.ContentTypes[0], TableFormats.ContentTypes[1..])
            .WithName("ExportComparisons").WithSummary("The comparisons as CSV (one line a cell) or as a booktabs table for LaTeX");
    }

    private static async Task<Results<Ok<ComparisonsResponse>, ValidationProblem, ProblemHttpResult>> GetAsync(
        Guid id, [AsParameters] ValueParameters parameters, [Description(AgainstHelp)] string? against,
        ExperimentReader experiments, MatrixReader metrics, ResultReader results, CancellationToken cancellationToken)
    {
        var errors = new RequestErrors();
        var read = await ReadAsync(id, parameters, against, errors, experiments, metrics, results, cancellationToken);
        return read.Problem is { } problem ? problem
            : errors.Any ? errors.ToProblem()
            : TypedResults.Ok(ComparisonsResponse.Of(read.Comparisons!));
    }

    private static async Task<Results<FileContentHttpResult, ValidationProblem, ProblemHttpResult>> ExportAsync(
        Guid id, string? format, [AsParameters] ValueParameters parameters, [Description(AgainstHelp)] string? against,
        ExperimentReader experiments, MatrixReader metrics, ResultReader results, CancellationToken cancellationToken)
    {
        var errors = new RequestErrors();
        var table = errors.Table(format);
        var read = await ReadAsync(id, parameters, against, errors, experiments, metrics, results, cancellationToken);
        return read.Problem is { } problem ? problem
            : errors.Any ? errors.ToProblem()
            : table!.Value.File(
                $"maelab-{id}-comparisons", () => ComparisonExport.ToCsv(read.Comparisons!), () => ComparisonExport.ToLatex(read.Comparisons!));
    }

    /// <returns>Neither where there are errors.</returns>
    private static async Task<(ExperimentComparisons? Comparisons, ProblemHttpResult? Problem)> ReadAsync(
        Guid id, ValueParameters parameters, string? against, RequestErrors errors,
        ExperimentReader experiments, MatrixReader metrics, ResultReader results, CancellationToken cancellationToken)
    {
        if (await experiments.FindAsync(id, cancellationToken) is not { } experiment)
        {
            return (null, Problems.NotFound("experiment", id));
        }

        var choice = parameters.ToChoice(errors);
        var reference = errors.Integer("against", against, 0, int.MaxValue);
        if (errors.Any)
        {
            return (null, null);
        }

        var metric = parameters.Metric ?? MatrixQuery.MetricOf(await metrics.MetricNamesAsync(id, cancellationToken));
        var comparisons = (await results.ReadAsync(experiment, metric, choice.For(metric), cancellationToken)).Compare((int?)reference);
        return (comparisons, comparisons is null ? Problems.NoSuchCell(id, against ?? "baseline") : null);
    }
}
