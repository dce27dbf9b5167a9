using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Data;
using MaeLab.Engine.Interchange;
using MaeLab.Engine.Probes;
using MaeLab.Engine.Tests.Training;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Probes;

public sealed class TheoryExaminationTests
{
    private const long Step = 30;

    private static readonly Lazy<byte[]> s_checkpoint = new(() =>
    {
        var sink = new RecordingSink();
        Jobs.Run(Jobs.Small, sink);
        return sink.Checkpoints[^1].Content;
    });

    [Fact]
    public void Examination_gives_what_the_suite_gives_probe_by_probe_at_the_step_of_the_checkpoint()
    {
        var sink = new RecordingSink();
        var outcome = Run(sink, s_checkpoint.Value);

        Assert.Equal((true, (long)TheorySuite.Count), (outcome.Completed, outcome.Step));
        using var dataset = new DatasetLocator(new Dictionary<string, string>()).Open(Jobs.Small.Dataset.Name, Jobs.Small.Dataset.Limit);
        using var parameters = Checkpoint.ReadParameters(new MemoryStream(s_checkpoint.Value), Jobs.Small, dataset.Channels, CPU);
        Assert.Equal(TheorySuite.Run(Jobs.Small, dataset, parameters, _ => { }, TestContext.Current.CancellationToken), sink.Evaluations.SelectMany(evaluation => evaluation.Probes));
        Assert.Equal(TheorySuite.Count, sink.Evaluations.Count);
        Assert.All(sink.Evaluations, evaluation => Assert.Equal(Step, evaluation.Step));
        Assert.Equal(sink.Evaluations.SelectMany(evaluation => evaluation.Probes).Select(probe => new MetricPoint(probe.Probe, Step, probe.Value)), sink.Points);
        Assert.Equal((0L, (long)TheorySuite.Count), (sink.Reports[0].Step, sink.Reports[^1].Step));
    }

    [Fact]
    public void Probes_whose_results_are_known_are_not_made_again()
    {
        var all = new RecordingSink();
        Run(all, s_checkpoint.Value);
        var made = all.Evaluations.Take(6).SelectMany(evaluation => evaluation.Probes).Select(probe => probe.Probe).ToHashSet();

        var rest = new RecordingSink();
        var outcome = Run(rest, s_checkpoint.Value, made);

        Assert.True(outcome.Completed);
        Assert.Equal(all.Evaluations.Skip(6).SelectMany(evaluation => evaluation.Probes), rest.Evaluations.SelectMany(evaluation => evaluation.Probes));
    }

    [Fact]
    public void Examination_leaves_between_probes_when_told_to()
    {
        var sink = new RecordingSink { StopAtStep = Step };
        var outcome = Run(sink, s_checkpoint.Value);

        Assert.False(outcome.Completed);
        Assert.Single(sink.Evaluations);
    }

    [Fact]
    public void Weights_suffice_but_all_of_them_are_needed()
    {
        var weights = Exported(encoderOnly: false);
        Assert.True(weights.Length < s_checkpoint.Value.Length / 2);
        Assert.True(Run(new RecordingSink(), weights).Completed);

        var failure = Assert.Throws<TrainingFailedException>(() => Run(new RecordingSink(), Exported(encoderOnly: true)));
        Assert.Equal(ReasonCode.BadData, failure.Reason);
        Assert.Contains("The checkpoint of step 30 cannot be examined: The file's tensors are not the model's: it lacks '", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("Examine another checkpoint of the run.", failure.Message, StringComparison.Ordinal);
    }

    private static byte[] Exported(bool encoderOnly)
    {
        using var target = new MemoryStream();
        Export.Run(new MemoryStream(s_checkpoint.Value), target, NameScheme.Mae, encoderOnly);
        return target.ToArray();
    }

    private static TrainingOutcome Run(RecordingSink sink, byte[] checkpoint, IReadOnlySet<string>? known = null) => TheoryExamination.Run(
        new(Jobs.Small, Step, () => new MemoryStream(checkpoint), known ?? new HashSet<string>(), new Dictionary<string, string>(), Threads: 1),
        sink, TestContext.Current.CancellationToken);
}
