using MaeLab.Scheduler;
using MaeLab.Scheduler.Watchdog;
using Microsoft.Extensions.Time.Testing;

namespace MaeLab.Messaging.Tests.Scheduler;

public sealed class RunnerSilenceTests
{
    private static readonly TimeSpan s_gap = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly RunnerSilence _silence;
    private readonly Guid _runner = Guid.NewGuid();

    public RunnerSilenceTests() => _silence = new(_time);

    [Fact]
    public void Silence_counts_from_the_last_report()
    {
        Listen(seconds: 100);
        _silence.Heard(_runner);
        Listen(seconds: 40);

        Assert.Equal(TimeSpan.FromSeconds(40), _silence.Of(_runner));
    }

    [Fact]
    public void Silent_runner_is_lost_within_twenty_seconds_at_the_lease_as_delivered()
    {
        var options = new SchedulerOptions();
        _silence.Heard(_runner);
        var seconds = 0.0;
        for (; _silence.Of(_runner) < options.Lease; seconds += options.WatchEvery.TotalSeconds)
        {
            _time.Advance(options.WatchEvery);
            _silence.HeardOurselves();
            _silence.Look(options.Lease / 3);
        }

        // Then the run is free: placement looks at the latest after its own interval.
        Assert.InRange(seconds + options.PlaceEvery.TotalSeconds, options.Lease.TotalSeconds, 20);
    }

    [Fact]
    public void Runner_not_heard_yet_is_silent_only_since_we_listen()
    {
        Listen(seconds: 7);

        Assert.Equal(TimeSpan.FromSeconds(7), _silence.Of(_runner));
    }

    [Fact]
    public void Time_in_which_we_were_deaf_does_not_count()
    {
        _silence.Heard(_runner);
        Listen(seconds: 600);
        _silence.WasDeaf();
        Listen(seconds: 2);

        Assert.Equal(TimeSpan.FromSeconds(2), _silence.Of(_runner));
    }

    [Fact]
    public void Pause_of_our_own_does_not_count_wherever_in_a_turn_it_falls()
    {
        _silence.Heard(_runner);
        Listen(seconds: 3);

        // Stopped for a minute after the look: the turn that was under way goes on with what it knew.
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromSeconds(3), _silence.Of(_runner));

        _silence.HeardOurselves();
        _silence.Look(s_gap);
        Assert.Equal(TimeSpan.Zero, _silence.Of(_runner));
        Listen(seconds: 14);
        Assert.Equal(TimeSpan.FromSeconds(14), _silence.Of(_runner));
    }

    [Fact]
    public void Time_in_which_we_did_not_even_hear_ourselves_does_not_count()
    {
        _silence.Heard(_runner);
        Listen(seconds: 3);
        for (var second = 0; second < 60; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _silence.Look(s_gap);
        }

        Listen(seconds: 14);

        Assert.Equal(TimeSpan.FromSeconds(14), _silence.Of(_runner));
    }

    /// <summary>One look a second, and our own voice with it.</summary>
    private void Listen(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _silence.HeardOurselves();
            _silence.Look(s_gap);
        }
    }
}
