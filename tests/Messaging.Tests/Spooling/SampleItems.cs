using CsCheck;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Runner.Execution;
using MaeLab.Runner.Spooling;
using MaeLab.Runner.Telemetry;
using MaeLab.Storage.Model;

namespace MaeLab.Messaging.Tests.Spooling;

/// <summary>Items of every kind, and what they say as text: records with lists in them are not equal by themselves.</summary>
internal static class SampleItems
{
    private static readonly double[] s_special = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0];

    private static readonly string[] s_names = ["train/loss", "größe/µ", "x"];

    private static readonly Gen<DateTimeOffset> s_moment = Gen.Long[0, 4_000_000_000_000].Select(DateTimeOffset.FromUnixTimeMilliseconds);

    private static readonly Gen<MetricPoint> s_point = Gen.Select(
        Gen.Int[0, 2].Select(i => s_names[i]), Gen.Long, Gen.Frequency((8, Gen.Double), (1, Gen.Int[0, 3].Select(i => s_special[i]))),
        (series, step, value) => new MetricPoint(series, step, value));

    private static readonly Gen<RunLogRow> s_line = Gen.Select(
        Gen.Long, s_moment, Gen.String, (sequence, at, text) => new RunLogRow { Sequence = sequence, At = at, Level = "info", Text = text });

    private static readonly Gen<ImageRow> s_image = Gen.Select(
        Gen.Guid, s_moment, Gen.Byte.Array[0, 40], (id, at, png) => new ImageRow { Id = id, CreatedAt = at, Kind = "masked", Png = png, Width = 2 });

    private static readonly Gen<ProbeResultRow> s_probe = Gen.Select(
        Gen.Guid, Gen.Int[0, 3], (id, special) => new ProbeResultRow { Id = id, Probe = "probe/linear_accuracy", Value = s_special[special], Details = "{}" });

    private static readonly Gen<AttemptOutcomeRow> s_outcome = Gen.Select(
        Gen.Enum<AttemptOutcome>(), Gen.Enum<ReasonCode>(), Gen.Long, s_moment,
        (outcome, reason, step, at) => new AttemptOutcomeRow { Outcome = outcome, Reason = reason, Step = step, EndedAt = at, Message = "\"so\"" });

    public static Gen<ShipItem> Any { get; } = Gen.OneOf<ShipItem>(
        Gen.Select(s_point.Array[0, 50], Gen.Long, Gen.Long, (points, produced, dropped) => (ShipItem)new PointsItem(points, produced, dropped)),
        s_line.Array[1, 3].Select(lines => (ShipItem)new LogItem(lines)),
        Gen.Select(Gen.Long, s_image.Array[0, 3], s_probe.Array[0, 2], (step, images, probes) => (ShipItem)new EvaluationItem(step, images, probes)),
        Gen.Select(Gen.Guid, Gen.Long, Gen.Double.Unit, Gen.Bool, (id, step, epoch, final) => (ShipItem)new CheckpointItem(id, step, epoch, final, $"{id:n}.safetensors")),
        s_outcome.Select(outcome => (ShipItem)new OutcomeItem(outcome)));

    public static AttemptOrder Order(Guid runId = default, int attempt = 1, long restoreStep = 0) =>
        new(runId, Guid.Empty, attempt, Guid.Empty, Presets.Find(Presets.Default)!, restoreStep, RestoreCheckpointId: null);

    public static string Text(ShipItem item) => Convert.ToHexString(ShipItemFormat.Write(item));
}
