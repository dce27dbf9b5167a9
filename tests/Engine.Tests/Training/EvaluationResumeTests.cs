using System.Text;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Tests.Training;

/// <summary>A run stopped or killed in the midst of an evaluation gets it when it goes on.</summary>
public sealed class EvaluationResumeTests
{
    /// <summary>30 steps, evaluated at 10, 20 and 30.</summary>
    private static readonly Recipe s_frozen = Jobs.Small with { Evaluation = new(LinearProbe: true, Reconstructions: 1, EveryEpochs: 1) { Knn = 5 } };

    /// <summary>30 steps, then ten of fine-tuning with all that is drawn at random.</summary>
    private static readonly Recipe s_tuned = Jobs.Small with
    {
        Evaluation = new(LinearProbe: false, Reconstructions: 1, EveryEpochs: 0) { FineTune = new() { Epochs = 2, BatchSize = 64, RandAugment = 9, RandomErasing = 0.25, Mixing = true } },
    };

    [Theory]
    [InlineData(10)]
    [InlineData(30)]
    public void Run_stopped_in_an_evaluation_leaves_at_once_and_makes_it_first_when_resumed(long step)
    {
        var whole = new RecordingSink();
        var outcome = Jobs.Run(s_frozen, whole);
        var first = new RecordingSink { StopAtStep = step };
        Assert.Equal(new TrainingOutcome(Completed: false, step, null), Jobs.Run(s_frozen, first));
        Assert.DoesNotContain(first.Evaluations, evaluation => evaluation.Step == step);
        var saved = first.Checkpoints[^1];
        Assert.Equal((step, false), (saved.Step, saved.Final));

        var second = new RecordingSink();
        Assert.Equal(outcome, Jobs.Run(s_frozen, second, saved.Content));
        AssertSame(whole.Evaluations.Where(evaluation => evaluation.Step >= step), second.Evaluations);
        Assert.Equal((30L, true), (second.Checkpoints[^1].Step, second.Checkpoints[^1].Final));
    }

    [Fact]
    public void Run_told_to_stop_at_once_in_an_evaluation_leaves_no_checkpoint()
    {
        var sink = new RecordingSink { StopAtStep = 10, Stop = StopRequest.Stop };
        Assert.False(Jobs.Run(s_frozen, sink).Completed);
        Assert.Empty(sink.Checkpoints);
    }

    [Fact]
    public void Run_stopped_in_fine_tuning_has_its_final_checkpoint_and_goes_straight_to_it_when_resumed()
    {
        var whole = new RecordingSink();
        var outcome = Jobs.Run(s_tuned, whole);
        var first = new RecordingSink { StopAtStep = 33 };
        Assert.Equal(new TrainingOutcome(Completed: false, 30, null), Jobs.Run(s_tuned, first));

        AssertGoesOn(whole, outcome, first);
    }

    [Fact]
    public void Run_killed_in_fine_tuning_goes_straight_to_it_when_resumed()
    {
        var whole = new RecordingSink();
        var outcome = Jobs.Run(s_tuned, whole);
        using var kill = new CancellationTokenSource();
        var steps = 0;
        var first = new RecordingSink
        {
            OnStep = () =>
            {
                if (++steps == 33)
                {
                    kill.Cancel();
                }
            },
        };
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Run(new(s_tuned, null, new Dictionary<string, string>(), 1), first, kill.Token));

        AssertGoesOn(whole, outcome, first);
    }

    /// <summary>The weights of the run are those before fine-tuning.</summary>
    [Fact]
    public void Run_with_fine_tuning_ends_in_the_same_weights() => Assert.Equal(
        Jobs.Run(Jobs.Small, new RecordingSink()).WeightsSha256, Jobs.Run(s_tuned, new RecordingSink()).WeightsSha256);

    [Fact]
    public void Run_from_a_checkpoint_that_does_not_say_has_been_evaluated_there()
    {
        var first = new RecordingSink { StopAtStep = 10 };
        Jobs.Run(s_frozen, first);
        var content = first.Checkpoints[^1].Content;
        "evaluatex"u8.CopyTo(content.AsSpan(content.AsSpan().IndexOf("evaluated"u8)));
        Assert.Contains("evaluatex", Encoding.UTF8.GetString(content), StringComparison.Ordinal);

        var second = new RecordingSink();
        Jobs.Run(s_frozen, second, content);
        Assert.Equal([20L, 30L], second.Evaluations.Select(evaluation => evaluation.Step));
    }

    private static void AssertGoesOn(RecordingSink whole, TrainingOutcome outcome, RecordingSink first)
    {
        var saved = Assert.Single(first.Checkpoints);
        Assert.Equal((30L, true), (saved.Step, saved.Final));
        AssertSame(whole.Evaluations.Take(1), first.Evaluations);

        var second = new RecordingSink();
        Assert.Equal(outcome, Jobs.Run(s_tuned, second, saved.Content));
        AssertSame(whole.Evaluations.Skip(1), second.Evaluations);
        Assert.Empty(second.Checkpoints);
        Assert.Equal(whole.Points.Where(point => point.Step > 30), second.Points);
        Assert.Equal(12, second.Points.Count(point => point.Series is SeriesNames.FineTuneLoss or SeriesNames.FineTuneAccuracy));
    }

    private static void AssertSame(IEnumerable<EvaluationResult> expected, IEnumerable<EvaluationResult> actual) =>
        Assert.Equal(expected.Select(Found), actual.Select(Found));

    private static (long, string, string) Found(EvaluationResult evaluation) =>
        (evaluation.Step, string.Join(' ', evaluation.Probes), string.Join(' ', evaluation.Images.Select(image => $"{image.Kind} {image.GalleryIndex}")));
}
