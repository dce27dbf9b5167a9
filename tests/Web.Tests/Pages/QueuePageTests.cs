using MaeLab.Contracts.Commands;
using MaeLab.Testing.Browsers;

namespace MaeLab.Web.Tests.Pages;

/// <summary>The order of queued runs is changed with the mouse and with keys alike.</summary>
public sealed class QueuePageTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queued_run_is_moved_by_key_and_by_dragging()
    {
        var scheduler = await host.SchedulerAsync();
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("runs of an experiment"));

        await browser.TestId("drag-handle").Nth(1).PressAsync("Home");
        AssertLastGoesFirst(await scheduler.NextAsync<MoveRuns>(Cancel));
        await browser.TestId("drag-handle").Nth(0).PressAsync("ArrowDown");
        var down = await scheduler.NextAsync<MoveRuns>(Cancel);
        Assert.Equal([host.RunIds[10]], down.RunIds);
        Assert.Equal((null, host.RunIds[11]), (down.Before, down.After));
        await browser.TestId("queued-run").Nth(1).DragToAsync(browser.TestId("queued-run").Nth(0));
        AssertLastGoesFirst(await scheduler.NextAsync<MoveRuns>(Cancel));
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Priority_is_sent_when_it_was_typed()
    {
        var scheduler = await host.SchedulerAsync();
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("queued run"));

        await browser.TestId("run-priority").FillAsync("7");
        await browser.TestId("run-priority").PressAsync("Enter");

        var command = await scheduler.NextAsync<PrioritizeRuns>(Cancel);
        Assert.Equal([host.RunIds[10]], command.RunIds);
        Assert.Equal(7, command.Priority);
        Assert.Empty(browser.Problems);
    }

    private void AssertLastGoesFirst(MoveRuns command)
    {
        Assert.Equal([host.RunIds[11]], command.RunIds);
        Assert.Equal(host.RunIds[10], command.Before);
    }
}
