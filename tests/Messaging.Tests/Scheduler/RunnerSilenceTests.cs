using MaeLab.Scheduler.Watchdog;
using Microsoft.Extensions.Time.Testing;

namespace MaeLab.Messaging.Tests.Scheduler;

public sealed class RunnerSilenceTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Silence_counts_from_the_last_report()
    {
        var (silence, runner) = (new RunnerSilence(_time), Guid.NewGuid());
        _time.Advance(TimeSpan.FromSeconds(100));
        silence.Heard(runner);
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(TimeSpan.FromSeconds(4), silence.Of(runner));
    }

    [Fact]
    public void Runner_not_heard_yet_is_silent_only_since_we_listen()
    {
        var silence = new RunnerSilence(_time);
        _time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(TimeSpan.FromSeconds(7), silence.Of(Guid.NewGuid()));
    }

    [Fact]
    public void Time_in_which_we_were_deaf_does_not_count()
    {
        var (silence, runner) = (new RunnerSilence(_time), Guid.NewGuid());
        silence.Heard(runner);
        _time.Advance(TimeSpan.FromMinutes(10));
        silence.WasDeaf();
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(TimeSpan.FromSeconds(2), silence.Of(runner));
    }
}
