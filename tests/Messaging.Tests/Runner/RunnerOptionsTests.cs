using MaeLab.Runner;

namespace MaeLab.Messaging.Tests.Runner;

public sealed class RunnerOptionsTests
{
    [Theory]
    [InlineData(1, 4_000_000, true)]
    [InlineData(2, 4_000_000, false)]
    [InlineData(64, 2_000_000_000, true)]
    [InlineData(1, -1, false)]
    public void Every_slot_has_room_for_a_spool(int slots, long bytes, bool isRight)
    {
        var problems = new RunnerOptions { Slots = slots, SpoolBytes = bytes }.Check();

        Assert.Equal(isRight ? [] : [nameof(RunnerOptions.SpoolBytes)], problems.Select(problem => problem.Key));
    }
}
