using CsCheck;
using MaeLab.Domain.Recipes;
using MaeLab.Scheduler.Placement;

namespace MaeLab.Messaging.Tests.Scheduler;

/// <summary>Slots come free one by one for as long as everybody has runs waiting: what each experiment gets of them.</summary>
public sealed class FairShareTests
{
    private static readonly HashSet<string> s_datasets = ["sample"];

    private static readonly Gen<double> s_weight = Gen.Double[0.25, 8];

    [Fact]
    public void Two_experiments_hold_the_slots_by_their_weights_within_one_run() =>
        Gen.Select(s_weight.Array[2], Gen.Int[1, 12], Gen.Int[0, int.MaxValue].Array[1, 60]).Sample((weights, slots, ends) =>
        {
            var queue = new Queue(weights);
            queue.Fill(slots);
            foreach (var end in ends)
            {
                Assert.All(weights.Index(), entry =>
                    Assert.InRange(queue.Active[entry.Index] - (slots * entry.Item / weights.Sum()), -1 - 1e-9, 1 + 1e-9));
                queue.End(end);
                queue.Fill(1);
            }
        });

    [Fact]
    public void Shares_that_come_out_even_are_met_exactly() =>
        Gen.Int[1, 6].Array[1, 5].Sample(shares =>
        {
            var queue = new Queue([.. shares.Select(share => share * 0.5)]);
            queue.Fill(shares.Sum());

            Assert.Equal(shares, queue.Active);
        });

    [Fact]
    public void Single_slot_goes_round_by_the_weights_within_one_run() =>
        Gen.Select(s_weight.Array[2], Gen.Int[1, 200]).Sample((weights, runs) =>
        {
            var queue = new Queue(weights);
            for (var run = 0; run < runs; run++)
            {
                queue.Fill(1);
                queue.End(0);
            }

            Assert.All(weights.Index(), entry =>
                Assert.InRange(queue.Placed[entry.Index] - (runs * entry.Item / weights.Sum()), -1 - 1e-9, 1 + 1e-9));
        });

    [Fact]
    public void Nobody_waits_for_longer_on_a_single_slot_than_its_weight_explains() =>
        Gen.Select(Gen.Int[1, 5].Array[2, 6], Gen.Int[1, 30]).Sample((weights, rounds) =>
        {
            var queue = new Queue([.. weights.Select(weight => (double)weight)]);
            for (var run = 0; run < rounds * weights.Sum(); run++)
            {
                queue.Fill(1);
                queue.End(0);
            }

            // Start-time fair queueing: no more than one run off for each experiment it competes with.
            Assert.All(weights.Index(), entry => Assert.InRange(queue.Placed[entry.Index], (rounds * entry.Item) - 1, (rounds * entry.Item) + 1));
        });

    [Fact]
    public void Newcomer_takes_its_share_and_not_all_that_the_others_had_before()
    {
        var queue = new Queue([1, 1]) { Waiting = { [1] = false } };
        for (var run = 0; run < 50; run++)
        {
            queue.Fill(1);
            queue.End(0);
        }

        queue.Waiting[1] = true;
        for (var run = 0; run < 10; run++)
        {
            queue.Fill(1);
            queue.End(0);
        }

        Assert.Equal([55, 5], queue.Placed);
    }

    /// <summary>Experiments with endless queues, as the scheduler would read them from the database before every placement.</summary>
    private sealed class Queue(double[] weights)
    {
        private readonly Guid[] _ids = [.. weights.Select((_, index) => Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddDays(index + 1)))];
        private readonly double?[] _turns = new double?[weights.Length];

        public int[] Active { get; } = new int[weights.Length];

        public int[] Placed { get; } = new int[weights.Length];

        public bool[] Waiting { get; } = [.. weights.Select(_ => true)];

        public void Fill(int slots)
        {
            for (var slot = 0; slot < slots; slot++)
            {
                var waiting = Enumerable.Range(0, weights.Length).Where(index => Waiting[index]).ToList();
                var shares = new FairShare(waiting.ToDictionary(
                    index => _ids[index], index => new ExperimentShare(weights[index], _turns[index], Active[index])));
                var kinds = waiting.Select(index => new QueuedKind(_ids[index], 0, "sample", ComputeDevice.Auto, 0, 1));
                var placement = Assert.Single(PlacementPlan.Create([new(Guid.NewGuid(), 1, false, s_datasets, 1)], kinds, shares));
                var taken = Array.IndexOf(_ids, placement.Kind.ExperimentId);
                Active[taken]++;
                Placed[taken]++;
                _turns[taken] = shares.TurnOf(_ids[taken]);
            }
        }

        /// <summary>One of the runs under way ends.</summary>
        public void End(int which)
        {
            var running = Active.SelectMany((count, index) => Enumerable.Repeat(index, count)).ToList();
            Active[running[which % running.Count]]--;
        }
    }
}
