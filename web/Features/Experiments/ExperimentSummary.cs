using MaeLab.Domain.Ablations;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Features.Experiments;

/// <summary>One experiment as lists show it.</summary>
/// <param name="Axes">The factors with their levels (JSON literals), without the seed.</param>
/// <param name="Runs">Counts by state.</param>
/// <param name="Progress">Share of all training done, 0 to 1.</param>
public sealed record ExperimentSummary(
    Guid Id, string Name, string? Description, IReadOnlyList<string> Tags, int Priority, string SubmittedBy, DateTimeOffset CreatedAt,
    IReadOnlyList<Axis> Axes, int RunCount, RunCounts Runs, double Progress);

/// <param name="NextCursor">Null on the last page.</param>
public sealed record ExperimentList(IReadOnlyList<ExperimentSummary> Items, string? NextCursor);
