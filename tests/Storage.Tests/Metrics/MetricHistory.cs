using CsCheck;
using MaeLab.Domain.Metrics;
using MaeLab.Testing.Databases;

namespace MaeLab.Storage.Tests.Metrics;

/// <summary>Something that happens to the shipper of one run.</summary>
internal abstract record MetricEvent
{
    /// <summary>Points of one of three series, each a few steps after the one before.</summary>
    public sealed record Record(int Series, int[] Gaps, double[] Values) : MetricEvent;

    public sealed record Flush(CommitFailure Failure) : MetricEvent;

    /// <summary>The shipper restarts and sends what was not stored, and some of what was.</summary>
    public sealed record Restart(int Overlap) : MetricEvent;

    /// <summary>A new attempt takes over, restored from a step some way back.</summary>
    public sealed record Takeover(int Back) : MetricEvent;

    private static readonly double[] s_special = [double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    private static readonly Gen<double> s_value = Gen.Frequency((8, Gen.Double[-10, 10]), (1, Gen.Int[0, 2].Select(i => s_special[i])));

    public static Gen<MetricEvent[]> Histories { get; } = Gen.Frequency<MetricEvent>(
        (6, Gen.Int[1, 400].SelectMany(n => Gen.Select(Gen.Int[0, 2], Gen.Int[1, 2].Array[n], s_value.Array[n]),
            (_, p) => (MetricEvent)new Record(p.Item1, p.Item2, p.Item3))),
        (4, Gen.Enum<CommitFailure>().Select(f => (MetricEvent)new Flush(f))),
        (1, Gen.Int[0, 50].Select(n => (MetricEvent)new Restart(n))),
        (2, Gen.Int[0, 600].Select(n => (MetricEvent)new Takeover(n)))).Array[1, 15];
}

/// <summary>What the database should hold after a history, said as directly as possible.</summary>
internal sealed class MetricHistory
{
    private readonly List<(long RestoreStep, List<MetricPoint> Points)> _attempts = [(0, [])];

    public int Attempt => _attempts.Count;

    public long RestoreStep => _attempts[^1].RestoreStep;

    /// <summary>All that the newest attempt recorded, in order.</summary>
    public List<MetricPoint> Own => _attempts[^1].Points;

    /// <summary>Before its first point, one less than the restore step, which an attempt may write anew.</summary>
    public long LastStep(string series) => Own.Where(p => p.Series == series).Select(p => p.Step).DefaultIfEmpty(RestoreStep - 1).Last();

    public void TakeOver(int storedOwn, int back)
    {
        // What the old shipper had not stored is lost.
        Own.RemoveRange(storedOwn, Own.Count - storedOwn);
        var newest = _attempts.SelectMany(a => a.Points).Select(p => p.Step).DefaultIfEmpty().Max();
        _attempts.Add((Math.Max(0, newest - back), []));
    }

    /// <summary>A point counts unless a later attempt was restored from before it, or wrote this or an earlier step of the series.</summary>
    public List<MetricPoint> Counting(string series) =>
    [
        .. _attempts.SelectMany((attempt, number) => attempt.Points.Where(point => point.Series == series
            && _attempts.Skip(number + 1).All(later =>
                point.Step <= later.RestoreStep && later.Points.Where(p => p.Series == series).All(p => p.Step > point.Step)))),
    ];
}
