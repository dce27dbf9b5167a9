using MaeLab.Domain.Metrics;

namespace MaeLab.Storage.Interchange;

/// <summary>Some consecutive points of one series of one run.</summary>
internal sealed record ExportedPoints(ExportedRun Run, RunClock Clock, string Series, IReadOnlyList<MetricPoint> Points);
