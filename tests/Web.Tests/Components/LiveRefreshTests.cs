using Bunit;
using MaeLab.Web.Live;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MaeLab.Web.Tests.Components;

public sealed class LiveRefreshTests : ComponentTest
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly LiveFeed _feed = new();
    private readonly Guid _experiment = Guid.CreateVersion7();
    private readonly SemaphoreSlim _refreshed = new(0);
    private readonly FakeTimeProvider _time = new();

    public LiveRefreshTests()
    {
        Context.Services.AddSingleton(_feed);
        Context.Services.AddSingleton<TimeProvider>(_time);
    }

    [Fact]
    public async Task Hint_in_scope_refreshes_at_once()
    {
        Render(() => { });

        _feed.Publish(new(Guid.CreateVersion7()));
        _feed.Publish(new(Runners: true));
        Assert.False(_refreshed.Wait(TimeSpan.Zero, Cancel));
        _feed.Publish(new(_experiment, Guid.CreateVersion7()));

        Assert.True(await _refreshed.WaitAsync(s_patience, Cancel));
    }

    [Fact]
    public async Task Timer_makes_good_for_lost_hints()
    {
        Render(() => { });

        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(_refreshed.Wait(TimeSpan.Zero, Cancel));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await _refreshed.WaitAsync(s_patience, Cancel));
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(OperationCanceledException))] // a call to the browser that was given up, say
    public async Task Failed_refresh_is_said_and_tried_again_after_the_next_hint(Type error)
    {
        var fail = true;
        var component = Render(() =>
        {
            if (fail)
            {
                throw (Exception)Activator.CreateInstance(error)!;
            }
        });

        _feed.Publish(new(_experiment));
        component.WaitForElement(".stale", s_patience);
        fail = false;
        _feed.Publish(new(_experiment));

        // It is said before the pause to the next refresh begins: time that passes too early would be none of that pause.
        var passed = 0;
        do
        {
            Assert.True(passed++ < 300, "No refresh came.");
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        while (!await _refreshed.WaitAsync(s_patience / 300, Cancel));
        component.WaitForAssertion(() => Assert.Empty(component.FindAll(".stale")), s_patience);
    }

    [Fact]
    public async Task Nothing_is_heard_any_more_once_the_page_is_left()
    {
        Render(() => { });
        await Context.DisposeComponentsAsync();

        _feed.Publish(new(_experiment));

        Assert.False(_refreshed.Wait(TimeSpan.Zero, Cancel));
    }

    private IRenderedComponent<LiveRefresh> Render(Action refresh) => Context.Render<LiveRefresh>(parameters => parameters
        .Add(component => component.Scope, new LiveScope(_experiment))
        .Add(component => component.OnRefresh, () =>
        {
            refresh();
            _refreshed.Release();
        }));
}
