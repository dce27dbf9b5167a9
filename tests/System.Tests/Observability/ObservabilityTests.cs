using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MaeLab.Testing;
using MaeLab.Testing.Ring;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.System.Tests.Observability;

/// <summary>What a ring tells of itself: metrics, traces, logs, and what its runs took of the machine.</summary>
public sealed partial class ObservabilityTests(ObservedRing observed) : IClassFixture<ObservedRing>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_of_every_service_are_those_of_the_table_in_the_README()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "shared", "Hosting", "README.md"), Cancel);
        var documented = MetricRow().Matches(readme).Select(row => (Name: row.Groups[1].Value, Service: $"maelab-{row.Groups[2].Value}")).ToList();
        Assert.NotEmpty(documented);

        foreach (var service in observed.Services.Keys)
        {
            var expected = documented.Where(metric => metric.Service == service).Select(metric => metric.Name).Order(StringComparer.Ordinal).ToList();
            var names = new List<string>();
            await Eventually.GetAsync(
                $"metrics of {service}",
                async () =>
                {
                    names = [.. (await ScrapeAsync(service)).OwnNames];
                    return names.SequenceEqual(expected) ? names : null;
                },
                s_patience,
                () => $"{string.Join(' ', names)} instead of {string.Join(' ', expected)}. {observed.Ring.Output}");
            Assert.Contains("dotnet_process_cpu_time_seconds_total", (await ScrapeAsync(service)).Names);
        }
    }

    [Fact]
    public async Task Metrics_count_what_was_stored_and_how_the_queue_stands()
    {
        await using var db = await observed.Ring.Contexts.CreateDbContextAsync(Cancel);
        var points = await db.MetricChunks.SumAsync(chunk => (long)chunk.Count, Cancel);

        var runner = await ScrapeAsync("maelab-runner");
        Assert.Equal(points, runner.ValueOf("maelab_ingested_points_total"));
        Assert.True(runner.ValueOf("maelab_ingested_bytes_total") > await db.Checkpoints.SumAsync(checkpoint => checkpoint.SizeBytes, Cancel) + (16 * points));
        Assert.Equal((0.73, 10_240.0 * (1 << 20)), (runner.ValueOf("maelab_gpu_utilisation_ratio"), runner.ValueOf("maelab_gpu_memory_bytes")));
        await Eventually.GetAsync("idle queue", async () =>
        {
            var scheduler = await ScrapeAsync("maelab-scheduler");
            return scheduler.ValueOf("maelab_runs", "state=\"completed\"") == observed.Runs.Count && scheduler.ValueOf("maelab_queue_depth") == 0
                && scheduler.ValueOf("maelab_live_runners") == 1 && scheduler.ValueOf("maelab_error_queue_depth") == 0 && scheduler.ValueOf("maelab_lease_age_seconds") == 0
                ? scheduler : null;
        }, s_patience);
    }

    [Fact]
    public async Task Start_of_the_runs_is_one_trace_through_all_services_that_has_the_id_of_the_experiment()
    {
        var trace = Guid.Parse(observed.Experiment, CultureInfo.InvariantCulture).ToString("n");
        (string Service, string Source, string Name)[] expected =
        [
            ("maelab-web", "MaeLab", "submit experiment"), ("maelab-web", "MassTransit", "MaeLab.Contracts.Commands:SubmitExperiment send"),
            ("maelab-scheduler", "MassTransit", "scheduler-commands receive"), ("maelab-scheduler", "Npgsql", ""),
            ("maelab-scheduler", "MaeLab", "assign run"), ("maelab-scheduler", "MassTransit", "runner-"),
            ("maelab-runner", "MassTransit", "runner-"), ("maelab-runner", "MaeLab", "begin attempt"), ("maelab-runner", "Npgsql", ""),
            ("maelab-runner", "MaeLab", "first step"), ("maelab-runner", "MassTransit", "MaeLab.Contracts.Facts:RunStarted send"), ("maelab-scheduler", "MassTransit", "scheduler-run-facts receive"),
            ("maelab-runner", "MaeLab", "first checkpoint"), ("maelab-runner", "MaeLab", "store outcome"), ("maelab-runner", "MaeLab", "end attempt"),
            ("maelab-web", "MassTransit", "web-"),
        ];
        await Eventually.GetAsync(
            "trace of the experiment",
            () => Task.FromResult(expected.All(IsThere) ? trace : null),
            s_patience,
            () => $"Missing: {string.Join("; ", expected.Where(span => !IsThere(span)))}. There are: "
                + string.Join("; ", observed.Spans.Select(span => $"{span.Service} {span.Source} {span.Name} {(span.Trace == trace ? "" : "elsewhere")}").Distinct()));

        var ofRuns = observed.Spans.Where(span => span.Tags.ContainsKey("maelab.run_id")).ToList();
        Assert.All(ofRuns, span => Assert.Equal(trace, span.Trace));
        Assert.Equal(observed.Runs.Order(), ofRuns.Where(span => span.Name == "first step").Select(span => span.Tags["maelab.run_id"]).Order());

        // What services do by the clock makes no traces: all others begin with a request.
        Assert.All(
            observed.Spans.Where(span => span.Trace != trace).GroupBy(span => span.Trace),
            other => Assert.All(other, span => Assert.Equal("maelab-web", span.Service)));

        bool IsThere((string Service, string Source, string Name) wanted) => observed.Spans.Any(span =>
            span.Trace == trace && span.Service == wanted.Service && span.Source == wanted.Source && span.Name.StartsWith(wanted.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_of_a_run_is_in_the_log_of_every_service_with_its_id()
    {
        foreach (var (service, says) in new[] { ("maelab-scheduler", "goes to runner"), ("maelab-runner", "begins, from step 0"), ("maelab-web", "has begun") })
        {
            await Eventually.GetAsync(
                $"line of {service} for every run",
                () => Task.FromResult(observed.Runs.All(run => observed.LogOf(service).Any(line =>
                    ((string?)line["Message"])?.Contains(says, StringComparison.Ordinal) == true && (string?)line["State"]?["RunId"] == run)) ? service : null),
                s_patience,
                () => observed.Services[service].Output);
        }

        // Whatever else is said on behalf of an attempt carries the id as a scope.
        Assert.Contains(observed.LogOf("maelab-runner"), line => line["Scopes"]?.AsArray().Any(scope => (string?)scope?["RunId"] == observed.Runs[0]) == true);
    }

    [Fact]
    public async Task Run_has_series_of_what_it_took_of_the_machine()
    {
        var series = new List<JsonNode>();
        foreach (var run in observed.Runs)
        {
            var metrics = await observed.Ring.Http.GetFromJsonAsync<JsonObject>(
                $"api/v1/runs/{run}/metrics?names=system/cpu_cores,system/memory_mb,system/gpu_utilisation,system/gpu_memory_mb", Cancel);
            series.AddRange(metrics!["series"]!.AsArray().OfType<JsonNode>().Where(one => (long)one["count"]! > 0));
        }

        Assert.Equal(["system/cpu_cores", "system/gpu_memory_mb", "system/gpu_utilisation", "system/memory_mb"], series.Select(one => (string)one["name"]!).Distinct().Order());
        Assert.All(series.Where(one => (string)one["name"]! == "system/gpu_utilisation"), one => Assert.Equal(0.73, (double)one["last"]![0]!));
        Assert.All(series.Where(one => (string)one["name"]! == "system/memory_mb"), one => Assert.InRange((double)one["last"]![0]!, 50, 100_000));
    }

    [Fact]
    public async Task Dashboard_asks_for_metrics_that_there_are()
    {
        var dashboard = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "compose", "observability", "maelab.json"), Cancel))!;
        var queries = dashboard["panels"]!.AsArray().SelectMany(panel => panel!["targets"]!.AsArray()).Select(target => (string)target!["expr"]!).ToList();
        var asked = queries.SelectMany(query => MetricInQuery().Matches(query).Select(match => match.Value)).ToHashSet();
        Assert.All(queries, query => Assert.Matches(MetricInQuery(), query));

        await Eventually.GetAsync(
            "metrics of the dashboard",
            async () =>
            {
                var there = new HashSet<string>();
                foreach (var service in observed.Services.Keys)
                {
                    there.UnionWith((await ScrapeAsync(service)).Names);
                }

                return asked.IsSubsetOf(there) ? there : null;
            },
            s_patience,
            () => string.Join(' ', asked));

        // Nothing that MaeLab measures is left out.
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "shared", "Hosting", "README.md"), Cancel);
        Assert.Superset(MetricRow().Matches(readme).Select(row => row.Groups[1].Value).ToHashSet(), asked);
    }

    private Task<Exposition> ScrapeAsync(string service) => Exposition.ScrapeAsync(observed.Ring.Http, observed.Services[service].Address, Cancel);

    [GeneratedRegex(@"^\| `(maelab_[a-z_]+)(?:\{[a-z]+\})?` \| (scheduler|runner|web) \|", RegexOptions.Multiline)]
    private static partial Regex MetricRow();

    /// <summary>Labels are shorter or stand in braces and brackets of their own.</summary>
    [GeneratedRegex("(maelab|dotnet|http_server)_[a-z0-9_]+")]
    private static partial Regex MetricInQuery();
}
