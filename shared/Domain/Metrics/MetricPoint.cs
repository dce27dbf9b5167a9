namespace MaeLab.Domain.Metrics;

/// <summary>One value of one series. Steps of a series rise within an attempt.</summary>
public readonly record struct MetricPoint(string Series, long Step, double Value);
