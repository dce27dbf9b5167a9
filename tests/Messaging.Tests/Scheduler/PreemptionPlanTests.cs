using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Scheduler.Placement;

namespace MaeLab.Messaging.Tests.Scheduler;

/// <summary>Who makes room for a run of a higher priority that finds no free slot.</summary>
public sealed class PreemptionPlanTests
{
    private const string Sample = "fashion-mnist-sample";

    private static readonly TimeSpan s_least = TimeSpan.FromMinutes(1);
    private readonly OpenRunner _runner = new(Guid.NewGuid(), 0, false, new HashSet<string> { Sample }, 100);

    [Fact]
    public void Run_of_the_lowest_priority_makes_room_and_of_equals_the_newest()
    {
        var (high, old, young) = (Active(priority: 2), Active(priority: 1, minutes: 50), Active(priority: 1, minutes: 5));

        Assert.Equal([young, old], Plan([Kind(priority: 3, count: 2)], high, old, young));
    }

    [Fact]
    public void Run_of_equal_priority_stays() => Assert.Empty(Plan([Kind(priority: 1)], Active(priority: 1), Active(priority: 2)));

    [Fact]
    public void Run_that_has_hardly_begun_stays() =>
        Assert.Empty(Plan([Kind(priority: 1)], Active(minutes: 0.9), Active() with { Ran = null, State = RunState.Assigned }));

    [Fact]
    public void Nothing_more_is_asked_for_while_a_slot_is_about_to_come_free()
    {
        var (leaving, running) = (Active() with { State = RunState.Stopping }, Active());

        Assert.Empty(Plan([Kind(priority: 1)], leaving, running));
        Assert.Equal([running], Plan([Kind(priority: 1, count: 2)], leaving, running));
    }

    [Fact]
    public void Slot_that_does_not_suit_the_waiting_run_is_left_alone()
    {
        var elsewhere = Active() with { RunnerId = Guid.NewGuid() };

        Assert.Empty(Plan([Kind(priority: 1, dataset: "imagenet"), Kind(priority: 1, device: ComputeDevice.Cuda)], Active()));
        Assert.Empty(Plan([Kind(priority: 1)], elsewhere));
    }

    [Fact]
    public void Higher_of_two_waiting_priorities_takes_what_there_is()
    {
        var plan = PreemptionPlan.Create([_runner], [Kind(priority: 1), Kind(priority: 5)], [Active()], s_least);

        Assert.Equal(5, Assert.Single(plan).For.Priority);
    }

    private IEnumerable<ActiveRun> Plan(QueuedKind[] waiting, params ActiveRun[] active) =>
        PreemptionPlan.Create([_runner], waiting, active, s_least).Select(entry => entry.Run);

    private ActiveRun Active(int priority = 0, double minutes = 10) =>
        new(Guid.NewGuid(), Guid.NewGuid(), 1, _runner.Id, priority, RunState.Running, TimeSpan.FromMinutes(minutes));

    private static QueuedKind Kind(int priority, int count = 1, string dataset = Sample, ComputeDevice device = ComputeDevice.Auto) =>
        new(Guid.NewGuid(), priority, dataset, device, FirstPosition: 0, count);
}
