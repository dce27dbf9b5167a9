using System.ComponentModel;
using MaeLab.Storage.Metrics;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

/// <summary>One curve as lists of equal length: per bucket its smallest, largest and last value. null: not a finite number.</summary>
/// <param name="X">Where the last point of the bucket lies.</param>
/// <param name="Exact">Every bucket is one point: min, max and last are the same.</param>
/// <param name="Count">Points in all, those that are not finite among them.</param>
public sealed record SeriesResponse(string Name, double[] X, double?[] Min, double?[] Max, double?[] Last, bool Exact, long Count);

public sealed record MetricsResponse(IReadOnlyList<SeriesResponse> Series);

internal static class MetricEndpoints
{
    private const int MaxPoints = 10_000;
    private const int UsualPoints = 1_000;
    private const string StepAxis = "step";

    public static void MapMetrics(this RouteGroupBuilder root) =>
        root.MapGet("/runs/{id:guid}/metrics", GetAsync).WithTags("Results").ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound)
            .WithName("GetMetrics").WithSummary("Curves of a run")
            .WithDescription(
                "Exact points where they fit, else buckets that keep the smallest and the largest value, so that no spike is lost. "
                + "A series that has no points (yet), or no x, has empty lists. JSON knows no not-a-number and no infinity: such values are null.");

    private static async Task<Results<Ok<MetricsResponse>, ValidationProblem, ProblemHttpResult>> GetAsync(
        Guid id,
        [Description("Series names with commas; all by default.")] string? names,
        [Description("step (the default), or the series that is to serve as x, for example progress/epoch.")] string? x,
        [Description("Left end of the stretch of x.")] string? from,
        [Description("Right end of the stretch of x.")] string? to,
        [Description("Points of a curve at most, 1 to 10,000; 1,000 by default.")] string? points,
        RunReader runs, MetricReader metrics, CancellationToken cancellationToken)
    {
        if (!await runs.ExistsAsync(id, cancellationToken))
        {
            return Problems.NotFound("run", id);
        }

        var errors = new RequestErrors();
        var (left, right) = (errors.Number("from", from), errors.Number("to", to));
        var buckets = (int)(errors.Integer("points", points, 1, MaxPoints) ?? UsualPoints);
        if (left > right)
        {
            errors.Add("from", "lies right of 'to'.");
        }

        if (errors.Any)
        {
            return errors.ToProblem();
        }

        var wanted = string.IsNullOrEmpty(names)
            ? await metrics.ListNamesAsync([id], cancellationToken)
            : [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];
        var curves = await metrics.ReadCurvesAsync(
            new([id], wanted, string.IsNullOrEmpty(x) || x == StepAxis ? null : x, left, right, buckets), cancellationToken);
        var byName = curves.ToDictionary(curve => curve.Curve.Name, curve => curve.Curve);
        return TypedResults.Ok(new MetricsResponse([.. wanted.Select(name => byName.TryGetValue(name, out var curve)
            ? new SeriesResponse(name, curve.X, Finite(curve.Min), Finite(curve.Max), Finite(curve.Last), curve.Exact, curve.Count)
            : new SeriesResponse(name, [], [], [], [], Exact: true, 0))]));
    }

    private static double?[] Finite(double[] values) => Array.ConvertAll(values, value => Format.Finite(value));
}
