using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MaeLab.Contracts.Commands;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Web.Tests.Sample;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Api;

/// <summary>Jobs that examine checkpoints: asked for, told of, counted nowhere as runs, and what they found counted as their run's.</summary>
public abstract partial class TheoryTests(ApiHost host)
{
    private const long Whole = 310;
    private const string Lift = SeriesNames.DecoderLift;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SampleJobs Jobs => new(host.Database.Contexts, TimeProvider.System);

    [Fact]
    public async Task Examination_is_asked_of_the_scheduler_and_told_by_the_id_of_its_job()
    {
        var scheduler = await host.SchedulerAsync();
        var (_, runs) = await AddAsync();
        var checkpoint = await Jobs.AddCheckpointAsync(runs[0], Whole, Cancel);

        using var response = await host.PostAsync($"api/v1/checkpoints/{checkpoint}/theory", "");

        var body = await ApiHost.ReadAsync(response, HttpStatusCode.Accepted);
        Assert.Equal([RunIds.OfTheory(checkpoint)], body["jobs"]!.AsArray().Select(id => (Guid)id!));
        Assert.Equal($"/api/v1/runs/{runs[0]}/theory", response.Headers.Location?.ToString());
        var command = await scheduler.NextAsync<RequestTheory>(Cancel);
        Assert.Equal((checkpoint, "an API client"), (Assert.Single(command.CheckpointIds), command.RequestedBy));
    }

    [Fact]
    public async Task Experiment_is_examined_by_its_final_checkpoints_once_it_has_one()
    {
        var scheduler = await host.SchedulerAsync();
        var (experiment, runs) = await AddAsync();
        using (var early = await host.PostAsync($"api/v1/experiments/{experiment}/theory", ""))
        {
            await ApiHost.ReadProblemAsync(early, HttpStatusCode.Conflict);
        }

        Guid[] final = [await Jobs.AddCheckpointAsync(runs[0], Whole, Cancel), await Jobs.AddCheckpointAsync(runs[1], Whole, Cancel)];
        using var response = await host.PostAsync($"api/v1/experiments/{experiment}/theory", "");

        await ApiHost.ReadAsync(response, HttpStatusCode.Accepted);
        Assert.Equal(final, (await scheduler.NextAsync<RequestTheory>(Cancel)).CheckpointIds);
    }

    [Fact]
    public async Task Jobs_of_a_run_are_told_with_what_they_found_and_each_is_a_run_of_its_own()
    {
        var scheduler = await host.SchedulerAsync();
        var (_, runs) = await AddAsync();
        var job = await Jobs.AddAsync(await Jobs.AddCheckpointAsync(runs[0], Whole, Cancel), RunState.Running, [(Lift, 1.5)], Cancel);

        var told = (await host.GetAsync($"api/v1/runs/{runs[0]}/theory"))["items"]!.AsArray().Single()!;
        Assert.Equal((job, "running", 4, 9), ((Guid)told["job"]!["id"]!, (string)told["job"]!["state"]!, (int)told["job"]!["done"]!, (int)told["job"]!["probes"]!));
        var found = told["results"]!.AsArray().Single()!;
        Assert.Equal((Lift, 1.5, 2), ((string)found["probe"]!, (double)found["value"]!, found["details"]!["perLayer"]!.AsArray().Count));

        var own = await host.GetAsync($"api/v1/runs/{job}");
        Assert.Equal(("theory", runs[0], Whole), ((string)own["kind"]!, (Guid)own["subjectRunId"]!, (long)own["checkpointStep"]!));
        Assert.Single((await host.GetAsync($"api/v1/runs/{job}/logs"))["items"]!.AsArray());
        using var cancelled = await host.PostAsync($"api/v1/runs/{job}/cancel", "");
        await ApiHost.ReadAsync(cancelled, HttpStatusCode.Accepted);
        Assert.Equal(job, (await scheduler.NextAsync<ControlRun>(Cancel)).RunId);
        using var deleted = await host.Http.DeleteAsync(new Uri($"api/v1/runs/{job}", UriKind.Relative), Cancel);
        await ApiHost.ReadProblemAsync(deleted, HttpStatusCode.NotFound);
    }

    /// <summary>Addresses that speak of jobs: what they found, who carries them out, and an archive that holds all of an experiment.</summary>
    private static readonly string[] s_aboutJobs = ["/theory", "/runners", "/archive"];

    /// <summary>Whatever addresses there are by now and will be: what they say of an experiment and its runs is the same with jobs as without.</summary>
    [Fact]
    public async Task Jobs_change_nothing_that_is_said_of_experiments_and_runs()
    {
        var (experiment, runs) = await AddAsync();
        Guid[] checkpoints = [await Jobs.AddCheckpointAsync(runs[0], Whole, Cancel), await Jobs.AddCheckpointAsync(runs[1], Whole, Cancel), await Jobs.AddCheckpointAsync(runs[2], Whole / 2, Cancel)];
        var addresses = host.Endpoints
            .Where(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Contains(HttpMethod.Get.Method))
            .Select(endpoint => endpoint.RoutePattern.RawText!).Where(address => !s_aboutJobs.Any(end => address.EndsWith(end, StringComparison.Ordinal)))
            .Select(address => address.Replace("experiments/{id:guid}", $"experiments/{experiment}", StringComparison.Ordinal).Replace("runs/{id:guid}", $"runs/{runs[0]}", StringComparison.Ordinal))
            .Where(address => !address.Contains('{', StringComparison.Ordinal))
            .Select(address => address.EndsWith("/export", StringComparison.Ordinal) ? address + "?format=csv" : address).ToList();
        Assert.True(addresses.Count >= 15, string.Join(' ', addresses));
        var before = await ReadAllAsync(addresses);

        await Jobs.AddAsync(checkpoints[0], RunState.Running, [(Lift, 1.5)], Cancel);
        await Jobs.AddAsync(checkpoints[1], RunState.Failed, [(SeriesNames.TrainLoss, 0.001)], Cancel);
        await Jobs.AddAsync(checkpoints[2], RunState.Queued, [], Cancel);

        Assert.Equal(before, await ReadAllAsync(addresses));
    }

    [Fact]
    public async Task What_a_completed_job_found_is_the_value_of_its_run()
    {
        var (experiment, runs) = await AddAsync();
        var halfway = await HalfwayAsync(runs[0]);
        await Jobs.AddAsync(halfway, RunState.Completed, [(Lift, 9)], Cancel);
        await Jobs.AddAsync(await Jobs.AddCheckpointAsync(runs[0], Whole, Cancel), RunState.Completed, [(Lift, 1.5), (SeriesNames.TrainLoss, 7), (SeriesNames.KernelRank, 0.25)], Cancel);
        await Jobs.AddAsync(await Jobs.AddCheckpointAsync(runs[1], Whole, Cancel), RunState.Completed, [(Lift, 2.5)], Cancel);
        await Jobs.AddAsync(await HalfwayAsync(runs[2]), RunState.Running, [(Lift, 99)], Cancel);

        // The newest examined checkpoint counts, of jobs that have completed.
        Assert.Equal([1.5, 2.5], await CellsAsync(experiment, $"metric={Lift}"));
        Assert.Equal([9], await CellsAsync(experiment, $"metric={Lift}&value=atStep&step={Whole - 1}"));
        Assert.Equal([1.5, 2.5], await CellsAsync(experiment, $"metric={Lift}&value=best"));

        var curve = (await host.GetAsync($"api/v1/runs/{runs[0]}/metrics?names={Lift}"))["series"]!.AsArray().Single()!;
        Assert.Equal([(Whole / 2, 9), (Whole, 1.5)], curve["x"]!.AsArray().Zip(curve["last"]!.AsArray(), (x, value) => ((long)x!, (double)value!)));
        var at = (await host.GetAsync($"api/v1/runs?experiment={experiment}&columns=at:{Whole - 1}:{Lift}"))["items"]!.AsArray();
        Assert.Equal([null, null, 9], at.Select(run => (double?)run!["columns"]!.AsObject().Single().Value));

        // What a run measured itself stands.
        var items = (await host.GetAsync($"api/v1/runs?experiment={experiment}&sort=-last:{Lift}&columns=last:{Lift},last:train/loss"))["items"]!.AsArray();
        Assert.Equal([runs[1], runs[0]], items.Select(run => (Guid)run!["id"]!).Take(2));
        Assert.Equal([2.5, 1.5, null], items.Take(3).Select(run => (double?)run!["columns"]![$"last:{Lift}"]));
        Assert.All(items.Take(2), run => Assert.InRange((double)run!["columns"]!["last:train/loss"]!, 0, 1));

        var compared = await host.GetAsync($"api/v1/experiments/{experiment}/comparisons?metric={Lift}");
        Assert.Contains("2.5", compared.ToJsonString(), StringComparison.Ordinal);
    }

    /// <summary>By mask ratio.</summary>
    private async Task<IEnumerable<double>> CellsAsync(Guid experiment, string query) =>
        (await host.GetAsync($"api/v1/experiments/{experiment}/matrix?{query}"))["cells"]!.AsArray().Select(cell => cell!["mean"]).OfType<JsonValue>().Select(mean => (double)mean);

    private async Task<Guid> HalfwayAsync(Guid run)
    {
        await using var db = host.Database.Open();
        return await db.Checkpoints.Where(checkpoint => checkpoint.RunId == run && !checkpoint.Final).Select(checkpoint => checkpoint.Id).SingleAsync(Cancel);
    }

    /// <summary>A report says when it was made, to the second.</summary>
    [GeneratedRegex(@"Report of \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC")]
    private static partial Regex MomentOfTheReport();

    private async Task<List<string>> ReadAllAsync(IEnumerable<string> addresses)
    {
        var read = new List<string>();
        foreach (var address in addresses)
        {
            using var response = await host.Http.GetAsync(new Uri(address, UriKind.Relative), Cancel);
            // A refusal, for want of a parameter, bears a number of its own.
            read.Add($"{address}: {(response.IsSuccessStatusCode ? MomentOfTheReport().Replace(await response.Content.ReadAsStringAsync(Cancel), "") : response.StatusCode)}");
        }

        return read;
    }

    /// <summary>Three mask ratios of one seed: two runs complete, one cancelled halfway. None is under way, whose cost would grow.</summary>
    private Task<(Guid Id, IReadOnlyList<Guid> RunIds)> AddAsync() => host.Samples.AddAsync(
        index => index < 2 ? RunState.Completed : RunState.Cancelled, Cancel, """{"name":"examined","preset":"nano","axes":{"maskRatio":[0.5,0.75,0.9]}}""");
}

public sealed class SqliteTheoryTests(SqliteApiHost host) : TheoryTests(host), IClassFixture<SqliteApiHost>;

public sealed class PostgresTheoryTests(PostgresApiHost host) : TheoryTests(host), IClassFixture<PostgresApiHost>;
