using MaeLab.Domain.Metrics;

namespace MaeLab.Storage.Metrics;

/// <summary>What <see cref="Model.MetricSummaryRow"/> says of a series, grown point by point or chunk by chunk in rising order.</summary>
internal readonly record struct SeriesTotals(int Attempt, long Count, long LastStep, double Last, double Min, double Max)
{
    public static SeriesTotals None { get; } = new(0, 0, 0, double.NaN, double.NaN, double.NaN);

    // MinNumber and MaxNumber take the other operand where one is not a number.
    public SeriesTotals With(int attempt, ChunkSummary chunk) => new(
        attempt, Count + chunk.Count, chunk.LastStep, chunk.Last, double.MinNumber(Min, chunk.Min), double.MaxNumber(Max, chunk.Max));

    public SeriesTotals With(SeriesTotals later) => later.Count == 0 ? this : later with
    {
        Count = Count + later.Count,
        Min = double.MinNumber(Min, later.Min),
        Max = double.MaxNumber(Max, later.Max),
    };
}
