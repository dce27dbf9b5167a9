using System.CommandLine;
using MaeLab.Benchmarks;
using MaeLab.Benchmarks.Ring;
using MaeLab.Benchmarks.Storage;
using MaeLab.Engine.Native;

// Before anything else allocates or loads libtorch, as in the services.
NativeThreads.Prepare();

Benchmark[] all =
[
    new("preview", "Time to expand, check and cost a usual form.", PreviewBenchmark.RunAsync),
    new("nano", "Training rate of the preset nano on the 8,000 embedded images, loader and telemetry included.", NanoBenchmark.RunAsync),
    new("feed", "Share of a step that training waits for photographs, cached and streamed.", FeedBenchmark.RunAsync),
    new("memory", "Peak memory of training processes against what the preview predicts.", MemoryBenchmark.RunAsync),
    new("submit", "Time from submission to the first training step on an idle runner (real PostgreSQL and RabbitMQ).", SubmitBenchmark.RunAsync),
    new("visible", "Time from a point's logging to its drawing in a browser that shows the run.", VisibleBenchmark.RunAsync),
    new("control", "Time from a request to pause, resume or cancel to its being carried out.", ControlBenchmark.RunAsync),
    new("experiment", "Time until the page of 60 runs shows their curves while a run trains.", ExperimentBenchmark.RunAsync),
    new("live", "What points that come twice a second cost web, and how soon 50 browsers draw them.", LiveBenchmark.RunAsync),
    new("logging", "Cost of a logged point on the training thread.", LoggingBenchmark.RunAsync),
    new("ingest", "Metric points a second into PostgreSQL from eight runs at once, against bare COPY.", IngestBenchmark.RunAsync),
    new("checkpoint", "A checkpoint of 450 MB into PostgreSQL and back, against bare inserts and reads.", CheckpointBenchmark.RunAsync),
    new("chart", "Time to read the curves of 50 runs of 100,000 points.", ChartBenchmark.RunAsync),
    new("table", "Time to read a page of 100,000 runs, filtered and sorted.", TableBenchmark.RunAsync),
    new("queue", "Time to submit 10,000 runs, and to place one of them (real PostgreSQL and RabbitMQ).", QueueBenchmark.RunAsync),
    new("fleet", "What fleets of simulated runners cost the other services, and how long a slot waits for its next run.", FleetBenchmark.RunAsync),
    new("lost", "Time until a silent runner's run is trained by another, and until a standing scheduler's work is done by the other.", LostBenchmark.RunAsync),
    new("theory", "Time of the theory probes of three presets, beside an epoch of training.", TheoryBenchmark.RunAsync),
    new("open", "Time from the start of MaeLab --open until the shipped study is drawn in a browser.", OpenBenchmark.RunAsync),
    new("torch", "Training steps against the same model in plain PyTorch, turn by turn (needs Debian's python3-torch).", TorchBenchmark.RunAsync),
];

var root = new RootCommand("Figures of MaeLab on this machine: dotnet run -c Release --project tests/Benchmarks -- all");
var everything = new Command("all", "Everything, one after another.");
everything.SetAction(async (_, cancellationToken) =>
{
    foreach (var benchmark in all)
    {
        await benchmark.Run(cancellationToken);
    }
});
root.Subcommands.Add(everything);
foreach (var benchmark in all)
{
    var command = new Command(benchmark.Name, benchmark.Description);
    command.SetAction((_, cancellationToken) => benchmark.Run(cancellationToken));
    root.Subcommands.Add(command);
}

return await root.Parse(args).InvokeAsync();
