using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Model;

namespace MaeLab.Runner.Telemetry;

/// <summary>Something on its way to the database; what a spool holds. Each can be stored again without harm.</summary>
internal abstract record ShipItem;

/// <param name="Produced">By the attempt so far, these included.</param>
/// <param name="Dropped">Of these.</param>
internal sealed record PointsItem(IReadOnlyList<MetricPoint> Points, long Produced, long Dropped) : ShipItem;

internal sealed record LogItem(IReadOnlyList<RunLogRow> Lines) : ShipItem;

internal sealed record EvaluationItem(long Step, IReadOnlyList<ImageRow> Images, IReadOnlyList<ProbeResultRow> Probes) : ShipItem;

/// <param name="File">Name of a file with its content beside the spool, deleted once stored.</param>
internal sealed record CheckpointItem(Guid Id, long Step, double Epoch, bool Final, string File, CheckpointKind Kind = CheckpointKind.Training) : ShipItem;

/// <summary>The last of an attempt.</summary>
internal sealed record OutcomeItem(AttemptOutcomeRow Outcome) : ShipItem;
