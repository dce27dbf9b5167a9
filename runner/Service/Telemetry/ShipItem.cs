using MaeLab.Engine.Evaluation;

namespace MaeLab.Runner.Telemetry;

/// <summary>A result on its way to the database that is neither point nor log line.</summary>
internal abstract record ShipItem;

internal sealed record EvaluationItem(EvaluationResult Result) : ShipItem;

/// <param name="Path">A file with its content, deleted once stored.</param>
internal sealed record CheckpointItem(Guid Id, long Step, double Epoch, bool Final, string Path) : ShipItem;
