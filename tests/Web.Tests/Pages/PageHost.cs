using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Testing.Databases;
using MaeLab.Web.Tests.Api;
using MaeLab.Web.Tests.Sample;

namespace MaeLab.Web.Tests.Pages;

/// <summary>The web service with an experiment half done: complete, failed, running and queued runs.</summary>
public sealed class PageHost(SqliteFiles databases) : ApiHost(databases)
{
    public Guid ExperimentId { get; private set; }

    /// <summary>By cell, then seed: 0-6 complete, 7 failed, 8 and 9 running, 10 and 11 queued.</summary>
    public IReadOnlyList<Guid> RunIds { get; private set; } = [];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var token = TestContext.Current.CancellationToken;
        await Samples.AddRunnerAsync("bench-1", SampleExperiment.Runner, TimeSpan.Zero, 84.2, token);
        (ExperimentId, RunIds) = await Samples.AddAsync(
            index => index switch { < 7 => RunState.Completed, 7 => RunState.Failed, 8 or 9 => RunState.Running, _ => RunState.Queued }, token);
        var jobs = new SampleJobs(Database.Contexts, TimeProvider.System);
        JobId = await jobs.AddAsync(await jobs.AddCheckpointAsync(RunIds[6], 310, token), RunState.Completed, [(SeriesNames.DecoderLift, 1.52), (SeriesNames.GlobalGain, 0.304)], token);
    }

    /// <summary>It has examined the last complete run.</summary>
    public Guid JobId { get; private set; }

    /// <param name="page">Name of a page as the tests give it.</param>
    public string AddressOf(string page) => page switch
    {
        "experiments" => "/",
        "experiment" => $"/experiments/{ExperimentId}",
        "experiment with all said in the address" =>
            $"/experiments/{ExperimentId}?tab=curves&rows=maskRatio&columns=patchSize&metric=train%2Floss&color=seed&x=progress%2Fepoch&log=true&cell=0.75%3A4",
        "statistics of an experiment" => $"/experiments/{ExperimentId}?tab=statistics",
        "statistics of a value mistyped" => $"/experiments/{ExperimentId}?tab=statistics&value=x&step=y&budget=9&against=99&order=z",
        "matrix at equal compute" => $"/experiments/{ExperimentId}?metric=train%2Floss&value=atbudget&published=true",
        "curves of an experiment" => $"/experiments/{ExperimentId}?tab=curves",
        "gallery of an experiment" => $"/experiments/{ExperimentId}?tab=gallery",
        "gallery with all said in the address" =>
            $"/experiments/{ExperimentId}?tab=gallery&picture=errors&at=155&seed=1&images=4&magnify=3,0.25,0.5&distance=pixels",
        "gallery with an address mistyped" => $"/experiments/{ExperimentId}?tab=gallery&picture=7&at=x&seed=-&images=0&magnify=a,b,c&distance=miles",
        "theory of an experiment" => $"/experiments/{ExperimentId}?tab=theory",
        "layers of an experiment" => $"/experiments/{ExperimentId}?tab=theory&question=layers",
        "attention in an experiment" => $"/experiments/{ExperimentId}?tab=theory&question=interpolation",
        "theory with all said in the address" => $"/experiments/{ExperimentId}?tab=theory&question=interpolation&probe=q5_influence_length&left=0&right=2&seed=1&at=155&image=1",
        "theory with an address mistyped" => $"/experiments/{ExperimentId}?tab=theory&question=7&probe=x&left=-&right=99&seed=x&at=y&image=z",
        "theory" => "/theory",
        "exploration of an experiment" => $"/experiments/{ExperimentId}?tab=explore",
        "exploration with all said in the address" =>
            $"/experiments/{ExperimentId}?tab=explore&axes=-maskRatio,train%2Floss,seed&sx=progress%2Fvisible_tokens&sy=train%2Floss&by=patchSize&pareto=true&brush=maskRatio:0.6:0.8&brush=x&cell=0.75%3A4",
        "runs of an experiment" => $"/experiments/{ExperimentId}?tab=runs",
        "new experiment" => "/experiments/new",
        "clone" => $"/experiments/new?from={ExperimentId}",
        "runs" => "/runs",
        "runs with all said in the address" =>
            $"/runs?experiment={ExperimentId}&state=completed,failed&level=maskRatio%3A0.75&sort=-best%3Atrain%2Floss&columns=experiment,state,maskRatio,patchSize,best%3Atrain%2Floss,at%3A10%3Atrain%2Floss&group=patchSize&open=*&differing=true",
        "comparison" => $"/runs/diff?run={RunIds[0]}&run={RunIds[2]}&run={RunIds[5]}",
        "comparison of nothing" => "/runs/diff?run=x",
        "clone of a run" => $"/experiments/new?run={RunIds[0]}",
        "runs with an address mistyped" => "/runs?sort=99&state=7&cursor=x",
        "complete run" => $"/runs/{RunIds[0]}",
        "failed run" => $"/runs/{RunIds[7]}",
        "running run" => $"/runs/{RunIds[8]}",
        "queued run" => $"/runs/{RunIds[10]}",
        "theory job" => $"/runs/{JobId}",
        "examined run" => $"/runs/{RunIds[6]}",
        "runners" => "/runners",
        "webhooks" => "/webhooks",
        "tokens" => "/tokens",
        "audit" => "/audit",
        "no such run" => $"/runs/{Guid.Empty}",
        "no such experiment" => $"/experiments/{Guid.Empty}",
        _ => throw new ArgumentException($"The tests know no page '{page}'.", nameof(page)),
    };
}
