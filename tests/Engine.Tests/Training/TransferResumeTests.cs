using CsCheck;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Tests.Training;

/// <summary>The evaluations that are trainings go on after a stop, and end in the same numbers, to the bit.</summary>
public sealed class TransferResumeTests
{
    /// <summary>Twenty steps, then the augmented probe (3 epochs of 10 steps), fine-tuning and its control (3 of 5), with all that is drawn at random.</summary>
    private static readonly Recipe s_recipe = Jobs.Small with
    {
        Epochs = 2,
        Evaluation = EvaluationPlan.None with
        {
            LarsProbe = new() { Epochs = 3, Augmentation = true },
            FineTune = new() { Epochs = 3, BatchSize = 64, RandAugment = 9, RandomErasing = 0.25, Mixing = true, ScratchControl = true },
        },
    };

    [Fact]
    public void Run_lost_after_every_epoch_of_its_evaluations_makes_each_epoch_once()
    {
        var whole = Whole(s_recipe);
        var (checkpoint, state, states) = ((byte[]?)null, (byte[]?)null, new List<(long, int, byte[])>());
        RecordingSink sink;
        do
        {
            sink = new() { StopAtState = 1, Stop = StopRequest.Stop };
            var outcome = Jobs.Run(s_recipe, sink, checkpoint, state);
            (checkpoint, state) = (checkpoint ?? sink.Checkpoints[^1].Content, sink.States.LastOrDefault().Content ?? state);
            states.AddRange(sink.States);
            Assert.True(outcome.Completed || states.Count < whole.States.Count, $"{states.Count} states, and it is not over.");
        }
        while (states.Count < whole.States.Count);

        Assert.Equal(whole.States, states, SameState);
        AssertSame(whole, sink);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_killed_anywhere_in_its_evaluations_ends_in_the_same_numbers(bool augmentation)
    {
        var recipe = s_recipe with { Evaluation = s_recipe.Evaluation with { LarsProbe = new() { Epochs = 3, Augmentation = augmentation } } };
        var whole = Whole(recipe);
        Gen.Long[1, whole.Questions].Array[1, 4].Sample(
            questions =>
            {
                var (checkpoint, state) = (whole.Checkpoints[^1].Content, (byte[]?)null);
                foreach (var question in questions)
                {
                    var killed = new RecordingSink { StopAtQuestion = question, Stop = StopRequest.Stop };
                    Jobs.Run(recipe, killed, checkpoint, state);
                    state = killed.States.LastOrDefault().Content ?? state;
                }

                var last = new RecordingSink();
                Assert.True(Jobs.Run(recipe, last, checkpoint, state).Completed);
                AssertSame(whole, last);
            },
            iter: 6,
            threads: 1);
    }

    [Fact]
    public void Evaluations_that_are_over_are_not_made_again()
    {
        var whole = Whole(s_recipe);

        var again = new RecordingSink();
        Assert.True(Jobs.Run(s_recipe, again, whole.Checkpoints[^1].Content, whole.States[^1].Content).Completed);

        Assert.Empty(again.States);
        AssertSame(whole, again);
    }

    [Fact]
    public void State_of_other_weights_is_left_alone_and_the_log_says_so()
    {
        var other = Whole(s_recipe with { Seed = 1 });
        var whole = Whole(s_recipe);

        var sink = new RecordingSink();
        Jobs.Run(s_recipe, sink, whole.Checkpoints[^1].Content, other.States[^1].Content);

        Assert.Contains(sink.Lines, line => line.Severity == LogSeverity.Warning && line.Text.StartsWith("The evaluations begin anew, ", StringComparison.Ordinal));
        Assert.Equal(whole.States, sink.States, SameState);
    }

    private static RecordingSink Whole(Recipe recipe)
    {
        var sink = new RecordingSink();
        Assert.True(Jobs.Run(recipe, sink).Completed);
        return sink;
    }

    /// <summary>What the last attempt gives is all that the evaluations give: the points of those before it are void.</summary>
    private static void AssertSame(RecordingSink whole, RecordingSink last)
    {
        Assert.Equal(whole.Points.SkipWhile(point => point.Series != SeriesNames.LarsAccuracy), last.Points.SkipWhile(point => point.Series != SeriesNames.LarsAccuracy));
        Assert.Equal(whole.Evaluations.Select(Found), last.Evaluations.Select(Found));
        Assert.Equal(3, last.Evaluations.Count);
    }

    private static string Found(Engine.Evaluation.EvaluationResult evaluation) => $"{evaluation.Step} {Assert.Single(evaluation.Probes)}";

    private static bool SameState((long Step, int Number, byte[] Content) one, (long Step, int Number, byte[] Content) other) =>
        (one.Step, one.Number) == (other.Step, other.Number) && one.Content.AsSpan().SequenceEqual(other.Content);
}
