using CsCheck;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Runner.Spooling;
using MaeLab.Runner.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace MaeLab.Messaging.Tests.Spooling;

public sealed class WaitingCheckpointsTests : IDisposable
{
    private const int FileSize = 100;

    private static readonly Gen<CheckpointPlan> s_plans = Gen.Select(
        Gen.Int[1, 3], Gen.Int[0, 4], Gen.Bool,
        (last, every, best) => new CheckpointPlan(1, last) { KeepEveryEpochs = every, KeepBest = best ? BestCheckpoint.LinearAccuracy : BestCheckpoint.None });

    /// <summary>Of each checkpoint: its value, 0 for none, how many records are written after it and how many files are stored then.</summary>
    private static readonly Gen<(int Value, int Recorded, int Stored)[]> s_histories = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 2], Gen.Int[0, 2]).Array[1, 25];

    private readonly string _root = Directory.CreateTempSubdirectory("maelab-waiting-").FullName;
    private Spool _spool = null!;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void However_late_checkpoints_are_stored_in_the_end_those_are_there_that_would_be_without_delay() =>
        Gen.Select(s_plans, s_histories).Sample(
            (plan, history) =>
            {
                using var spool = Begin(plan);
                var waiting = new WaitingCheckpoints(spool, long.MaxValue);
                var (prompt, late) = (new Database(plan), new Database(plan));
                var (unrecorded, unstored) = (new Queue<CheckpointItem>(), new Queue<CheckpointItem>());
                foreach (var (index, next) in history.Index())
                {
                    var (step, value) = (index + 1, next.Value == 0 ? double.NaN : next.Value);
                    var item = Write(step, final: index == history.Length - 1);
                    waiting.Evaluated(Evaluation(step, value));
                    waiting.Add(item);
                    prompt.Store(item, value);
                    unrecorded.Enqueue(item);
                    for (var i = 0; i < next.Recorded && unrecorded.TryDequeue(out var recorded); i++)
                    {
                        waiting.Recorded(recorded);
                        unstored.Enqueue(recorded);
                    }

                    for (var i = 0; i < next.Stored && unstored.TryDequeue(out var stored); i++)
                    {
                        Store(stored);
                    }

                    Assert.True(File.Exists(spool.PathOf(item)) || late.Has(item));
                }

                foreach (var item in unrecorded)
                {
                    waiting.Recorded(item);
                    unstored.Enqueue(item);
                }

                Assert.All(unstored.Where(item => File.Exists(spool.PathOf(item))), item => Assert.True(prompt.Has(item)));
                foreach (var item in unstored)
                {
                    Store(item);
                }

                Assert.Equal(prompt.Steps, late.Steps);

                void Store(CheckpointItem item)
                {
                    if (File.Exists(spool.PathOf(item)))
                    {
                        var value = history[item.Step - 1].Value;
                        late.Store(item, value == 0 ? double.NaN : value);
                        File.Delete(spool.PathOf(item));
                    }
                }
            },
            iter: 300, threads: 1);

    [Fact]
    public void Beyond_the_limit_the_oldest_goes_first_then_the_best_and_never_the_newest()
    {
        using var spool = Begin(new(1, KeepLast: 10) { KeepBest = BestCheckpoint.LinearAccuracy });
        var waiting = new WaitingCheckpoints(spool, 2 * FileSize);

        Assert.Equal([[], [], [2], [3]], Enumerable.Range(1, 4).Select(step => Steps(Add(step, value: 1.0 / step))));
        Assert.Equal([1L, 4L], Steps(Directory.GetFiles(spool.Folder, "*.safetensors").Select(file => long.Parse(Path.GetFileNameWithoutExtension(file), null)).Order()));
        Assert.Equal(2, waiting.Dropped);

        var narrow = new WaitingCheckpoints(spool, limit: 0);
        Assert.Equal([[], [5], [6]], Enumerable.Range(5, 3).Select(step => Steps(narrow.Add(Write(step)))));

        IReadOnlyList<CheckpointItem> Add(int step, double value)
        {
            waiting.Evaluated(Evaluation(step, value));
            return waiting.Add(Write(step));
        }
    }

    [Fact]
    public void Newest_with_a_record_stays_until_a_newer_one_has_its_own()
    {
        using var spool = Begin(new(1, KeepLast: 1));
        var waiting = new WaitingCheckpoints(spool, limit: 0);
        var (first, second, third) = (Write(1), Write(2), Write(3));
        waiting.Add(first);
        waiting.Recorded(first);
        waiting.Add(second);
        waiting.Add(third);
        waiting.Recorded(second); // it has no file any more: nobody could go on from it

        Assert.True(File.Exists(spool.PathOf(first)));
        Assert.False(File.Exists(spool.PathOf(second)));
        waiting.Recorded(third);
        Assert.False(File.Exists(spool.PathOf(first)));
        Assert.True(File.Exists(spool.PathOf(third)));
    }

    [Fact]
    public void Newest_state_of_evaluations_stays_and_until_it_has_a_record_the_one_before_it()
    {
        using var spool = Begin(new(1, KeepLast: 1));
        var waiting = new WaitingCheckpoints(spool, limit: 0);
        var final = Write(9);
        waiting.Add(final);
        waiting.Recorded(final);
        var states = Enumerable.Range(10, 3).Select(number => Write(number) with { Step = 9, Kind = CheckpointKind.Evaluation }).ToList();
        waiting.Add(states[0]);
        waiting.Recorded(states[0]);
        waiting.Add(states[1]);
        waiting.Add(states[2]);

        Assert.Equal([true, true, false, true], [.. states.Prepend(final).Select(item => File.Exists(spool.PathOf(item)))]);
        waiting.Recorded(states[2]);
        Assert.Equal([true, false, false, true], [.. states.Prepend(final).Select(item => File.Exists(spool.PathOf(item)))]);
        Assert.Equal(0, waiting.Dropped);
    }

    [Fact]
    public void Checkpoint_that_is_dropped_is_in_the_log_of_its_run()
    {
        using var spool = Begin(new(1, KeepLast: 2));
        var queue = new ShippingQueue();
        var sink = new ShippingSink(
            spool.Order, queue, new(spool, limit: FileSize), () => { }, new FactOutbox(null!, NullLogger<FactOutbox>.Instance), () => null, spool.Folder, TimeProvider.System);

        sink.SaveCheckpoint(7, 1, final: false, stream => stream.Write(new byte[FileSize]));
        sink.SaveCheckpoint(14, 2, final: false, stream => stream.Write(new byte[FileSize]));

        var line = Assert.Single(queue.TakeLogs());
        Assert.Equal("warning", line.Level);
        Assert.StartsWith("The checkpoint at step 7 was dropped", line.Text, StringComparison.Ordinal);
        Assert.Contains("Runner:WaitingCheckpointBytes", line.Text, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(spool.Folder, "*.safetensors"));
    }

    private static EvaluationItem Evaluation(long step, double value) =>
        new(step, [], [new() { Probe = SeriesNames.LinearAccuracy, Step = step, Value = value, Details = "{}" }]);

    private static List<long> Steps(IEnumerable<CheckpointItem> items) => [.. items.Select(item => item.Step)];

    private static List<long> Steps(IEnumerable<long> steps) => [.. steps];

    private CheckpointItem Write(int step, bool final = false)
    {
        var item = new CheckpointItem(Guid.NewGuid(), step, step, final, $"{step}.safetensors");
        File.WriteAllBytes(_spool.PathOf(item), new byte[FileSize]);
        return item;
    }

    private Spool Begin(CheckpointPlan plan)
    {
        var order = SampleItems.Order();
        var folder = Directory.CreateDirectory(Path.Combine(_root, Guid.NewGuid().ToString("n"))).FullName;
        return _spool = Spool.Create(folder, order with { Recipe = order.Recipe with { Checkpoints = plan } }, limit: 0);
    }

    /// <summary>As <c>CheckpointStore</c> prunes it.</summary>
    private sealed class Database(CheckpointPlan plan)
    {
        private readonly List<(CheckpointItem Item, double Value)> _rows = [];

        public IEnumerable<long> Steps => _rows.Select(row => row.Item.Step);

        public bool Has(CheckpointItem item) => _rows.Exists(row => row.Item == item);

        public void Store(CheckpointItem item, double value)
        {
            _rows.Add((item, value));
            var best = plan.KeepBest == BestCheckpoint.None ? null : plan.KeepBest.StepOf(_rows.Select(row => (row.Item.Step, row.Value)));
            var newestFirst = Enumerable.Reverse(_rows).Select(row => new SavedCheckpoint(row.Item.Id, row.Item.Step, row.Item.Epoch, row.Item.Final));
            var old = plan.Superseded(newestFirst, best).Select(saved => saved.Id).ToHashSet();
            _rows.RemoveAll(row => old.Contains(row.Item.Id));
        }
    }
}
