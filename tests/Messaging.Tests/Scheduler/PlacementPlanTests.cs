using MaeLab.Domain.Recipes;
using MaeLab.Scheduler.Placement;

namespace MaeLab.Messaging.Tests.Scheduler;

/// <summary>Who gets the next free slot.</summary>
public sealed class PlacementPlanTests
{
    private const string Sample = "fashion-mnist-sample";

    private static readonly Guid s_old = Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddDays(1));
    private static readonly Guid s_new = Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddDays(2));

    [Fact]
    public void Higher_priority_goes_first_even_if_it_is_newer() =>
        Assert.Equal([s_new, s_new, s_old], Plan([Runner(3)], [Kind(s_old, count: 5), Kind(s_new, count: 2, priority: 1)]));

    [Fact]
    public void Experiments_of_equal_priority_share_the_slots() =>
        Assert.Equal([s_old, s_new, s_old, s_new], Plan([Runner(4)], [Kind(s_old, count: 100), Kind(s_new, count: 100)]));

    [Fact]
    public void Experiment_with_runs_under_way_waits_for_one_without() =>
        Assert.Equal([s_new, s_new, s_old], Plan([Runner(3)], [Kind(s_old, count: 9), Kind(s_new, count: 9)], activeOfOld: 2));

    [Fact]
    public void Run_whose_data_nobody_has_does_not_hold_up_the_others() =>
        Assert.Equal([s_new], Plan([Runner(2)], [Kind(s_old, dataset: "imagenet"), Kind(s_new)]));

    [Fact]
    public void Cuda_run_goes_to_a_cuda_runner_only()
    {
        var gpu = Runner(1, cuda: true);

        var plan = PlacementPlan.Create([Runner(5), gpu], [Kind(s_old, count: 3, device: ComputeDevice.Cuda)], Shares());

        Assert.Equal([gpu.Id], plan.Select(placement => placement.RunnerId));
    }

    [Fact]
    public void Runner_with_the_most_room_is_taken_and_the_faster_of_equals()
    {
        var (roomy, fast, slow) = (Runner(2), Runner(1, speed: 200), Runner(1, speed: 100));

        var plan = PlacementPlan.Create([slow, fast, roomy], [Kind(s_old, count: 9)], Shares());

        Assert.Equal([roomy.Id, fast.Id, slow.Id], plan.Select(placement => placement.RunnerId).Distinct());
        Assert.Equal(4, plan.Count);
    }

    private static IEnumerable<Guid> Plan(OpenRunner[] runners, QueuedKind[] kinds, int activeOfOld = 0) =>
        PlacementPlan.Create(runners, kinds, Shares(activeOfOld)).Select(placement => placement.Kind.ExperimentId);

    private static FairShare Shares(int activeOfOld = 0) => new(new Dictionary<Guid, ExperimentShare>
    {
        [s_old] = new(Weight: 1, Turn: null, activeOfOld),
        [s_new] = new(Weight: 1, Turn: null, Active: 0),
    });

    private static OpenRunner Runner(int free, bool cuda = false, double speed = 100) =>
        new(Guid.NewGuid(), free, cuda, new HashSet<string> { Sample }, speed);

    private static QueuedKind Kind(Guid experiment, int count = 1, int priority = 0, string dataset = Sample, ComputeDevice device = ComputeDevice.Auto) =>
        new(experiment, priority, dataset, device, FirstPosition: 0, count);
}
