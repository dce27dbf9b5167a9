using Bunit;
using MaeLab.Contracts.Commands;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Testing.Databases;
using MaeLab.Web.Browser;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Theory;
using MaeLab.Web.Live;
using MaeLab.Web.Tests.Sample;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Components;

/// <summary>Four complete runs: one examined, one being examined, one whose job failed, one that nobody asked about.</summary>
public sealed class TheoryJobsTests(SqliteFiles databases) : DatabaseComponentTest(databases)
{
    private readonly List<Guid> _checkpoints = [];
    private Guid _experiment;
    private IReadOnlyList<Guid> _runs = [];

    protected override async ValueTask AddServicesAsync()
    {
        (_experiment, _runs) = await Samples.AddAsync(_ => RunState.Completed, Cancel, """{"name":"examined","preset":"nano","axes":{"maskRatio":[0.25,0.5,0.75,0.9]}}""");
        var jobs = new SampleJobs(Database.Contexts, TimeProvider.System);
        foreach (var run in _runs)
        {
            _checkpoints.Add(await jobs.AddCheckpointAsync(run, 310, Cancel));
        }

        await jobs.AddAsync(_checkpoints[0], RunState.Completed, [(SeriesNames.DecoderLift, 1.5)], Cancel);
        await jobs.AddAsync(_checkpoints[1], RunState.Running, [], Cancel);
        await jobs.AddAsync(_checkpoints[2], RunState.Failed, [], Cancel);

        Context.Services.AddSingleton(Database.Contexts);
        Context.Services.AddSingleton<ExperimentReader>().AddSingleton<TheoryJobReader>().AddSingleton<TheoryControl>().AddSingleton<RunControl>().AddSingleton<LiveFeed>();
        Context.Services.AddMassTransitTestHarness();
        Context.Services.AddPrerenderHandover();
        Context.AddBunitPersistentComponentState();
    }

    [Fact]
    public async Task Experiment_tells_how_many_checkpoints_are_examined_and_asks_for_the_others()
    {
        var harness = Context.Services.GetRequiredService<ITestHarness>();
        await harness.Start();
        var experiment = await Context.Services.GetRequiredService<ExperimentReader>().FindAsync(_experiment, Cancel);
        var jobs = Context.Render<TheoryJobs>(parameters => parameters.Add(component => component.Experiment, experiment!));

        jobs.WaitForAssertion(() => Assert.Equal("1 of 4", jobs.Find("b.num").TextContent), Patience);
        Assert.Equal("47.2", jobs.Find("[role=progressbar]").GetAttribute("aria-valuenow"));
        Assert.Equal("1 completed, 1 running, 1 failed", jobs.Find("[data-testid=state-bar] [role=img]").GetAttribute("aria-label"));
        Assert.Equal($"Run #2: {SampleJobs.Failure}", jobs.Find(".theory-failed li").TextContent);
        var button = jobs.Find("[data-testid=theory-all]");
        Assert.Equal("Run all theory probes on the 2 left", button.TextContent.Trim());

        await button.ClickAsync(new());

        var request = await harness.Published.SelectAsync<RequestTheory>(Cancel).FirstAsync(Cancel);
        Assert.Equal([_checkpoints[2], _checkpoints[3]], request.Context.Message.CheckpointIds);
    }

    [Fact]
    public async Task Checkpoints_of_a_run_tell_of_their_jobs_and_offer_what_applies()
    {
        var reader = Context.Services.GetRequiredService<TheoryJobReader>();
        async Task<string> OfferedAsync(int run)
        {
            var jobs = await reader.OfRunAsync(_runs[run], Cancel);
            var table = Context.Render<CheckpointTable>(parameters => parameters
                .Add(component => component.Checkpoints, [new(_checkpoints[run], 1, 310, 10, true, 100_000, null, DateTimeOffset.UtcNow)])
                .Add(component => component.Jobs, jobs));
            return string.Join(" | ", table.FindAll(".theory-job > *").Select(part => part.TextContent.Trim()));
        }

        Assert.Equal("Completed", await OfferedAsync(0));
        Assert.Equal("Running | 4 of 9 | Cancel", await OfferedAsync(1));
        Assert.Equal("Failed | Retry", await OfferedAsync(2));
        Assert.Equal("Run all theory probes", await OfferedAsync(3));
    }
}
