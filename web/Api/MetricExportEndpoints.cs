using System.ComponentModel;
using MaeLab.Storage.Interchange;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

internal static class MetricExportEndpoints
{
    private const string Description =
        "csv and parquet: a row a point with experiment, run, index, cell, the cell's levels, seed, series, step, epoch, wall_time (UTC) and value. "
        + "tensorboard: a zip file for `tensorboard --logdir`, a folder a run with scalars (single precision), pictures, recipe and hyperparameters. "
        + "Answers are streamed; one that breaks off is incomplete.";

    public static void MapMetricExport(this RouteGroupBuilder root)
    {
        root.MapGet("/runs/{id:guid}/metrics/export", RunAsync).Describe("ExportRunMetrics", "All points of a run as a file").WithTags("Results");
        root.MapGet("/experiments/{id:guid}/metrics/export", ExperimentAsync).Describe("ExportExperimentMetrics", "All points of all runs as a file").WithTags("Experiments");
    }

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string name, string summary) => endpoint
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound)
        .Produces<byte[]>(StatusCodes.Status200OK, TypeOf(MetricFormat.Csv), TypeOf(MetricFormat.Parquet), TypeOf(MetricFormat.TensorBoard))
        .WithName(name).WithSummary(summary).WithDescription(Description);

    private static async Task<Results<PushStreamHttpResult, ValidationProblem, ProblemHttpResult>> RunAsync(
        Guid id, [Description("csv, parquet or tensorboard.")] string? format, RunReader runs, MetricExport export, CancellationToken cancellationToken) =>
        !await runs.ExistsAsync(id, cancellationToken) ? Problems.NotFound("run", id)
            : Find(format, out var errors) is { } found ? File(await export.RunAsync(id, cancellationToken), id, found, export, cancellationToken)
            : errors.ToProblem();

    private static async Task<Results<PushStreamHttpResult, ValidationProblem, ProblemHttpResult>> ExperimentAsync(
        Guid id, [Description("csv, parquet or tensorboard.")] string? format, ExperimentReader experiments, MetricExport export, CancellationToken cancellationToken) =>
        !await experiments.ExistsAsync(id, cancellationToken) ? Problems.NotFound("experiment", id)
            : Find(format, out var errors) is { } found ? File(await export.RunsOfAsync(id, cancellationToken), id, found, export, cancellationToken)
            : errors.ToProblem();

    private static MetricFormat? Find(string? format, out RequestErrors errors)
    {
        errors = new();
        errors.Word<MetricFormat>("format", format ?? "", out var found);
        return found;
    }

    private static PushStreamHttpResult File(IReadOnlyList<ExportedRun> runs, Guid id, MetricFormat format, MetricExport export, CancellationToken cancellationToken) =>
        TypedResults.Stream(
            target => export.WriteAsync(runs, format, target, cancellationToken), TypeOf(format),
            $"maelab-{id}-{(format == MetricFormat.TensorBoard ? "tensorboard.zip" : $"metrics.{EnumWord.Of(format)}")}");

    private static string TypeOf(MetricFormat format) => format switch
    {
        MetricFormat.Csv => "text/csv",
        MetricFormat.Parquet => "application/vnd.apache.parquet",
        _ => "application/zip",
    };
}
