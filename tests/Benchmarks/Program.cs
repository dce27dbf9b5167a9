using System.CommandLine;
using MaeLab.Benchmarks;
using MaeLab.Engine.Native;

// Before anything else allocates or loads libtorch, as in the services.
NativeThreads.Prepare();

Benchmark[] all =
[
    new("preview", "Time to expand, check and cost a usual form.", PreviewBenchmark.RunAsync),
    new("nano", "Training rate of the preset nano on the 8,000 embedded images, loader and telemetry included.", NanoBenchmark.RunAsync),
    new("memory", "Peak memory of training processes against what the preview predicts.", MemoryBenchmark.RunAsync),
    new("submit", "Time from submission to the first training step on an idle runner (real PostgreSQL and RabbitMQ).", SubmitBenchmark.RunAsync),
    new("queue", "Time to submit 10,000 runs, and to place one of them (real PostgreSQL and RabbitMQ).", QueueBenchmark.RunAsync),
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
