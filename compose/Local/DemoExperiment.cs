using MaeLab.Contracts.Commands;
using MaeLab.Hosting.Startup;
using MaeLab.Storage;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Local;

/// <summary>Something to watch: a small ablation, submitted once a data folder.</summary>
internal sealed partial class DemoExperiment(
    IDbContextFactory<MaeLabDb> databases, IBus bus, StartupGate gate, ILogger<DemoExperiment> logger) : BackgroundService
{
    private const string Name = "Demo: mask ratio x patch size";

    // 12 runs of 4 epochs x 8,000 images: under five minutes on two cores at 1,500 images/s.
    private const string Definition = $$"""
        {
          "name": "{{Name}}",
          "description": "Three mask ratios, two patch sizes, two seeds of the smallest model, on 8,000 images of Fashion-MNIST.",
          "tags": ["demo"],
          "preset": "nano",
          "base": { "epochs": 4, "warmupEpochs": 0.5, "checkpoints": { "everyEpochs": 1 } },
          "axes": { "maskRatio": [0.5, 0.75, 0.9], "patchSize": [4, 7], "seed": [1, 2] },
          "baseline": { "maskRatio": 0.75, "patchSize": 4 }
        }
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.WaitAsync(stoppingToken);
        await using var db = await databases.CreateDbContextAsync(stoppingToken);
        if (await db.Experiments.AnyAsync(experiment => experiment.Name == Name, stoppingToken))
        {
            LogThere(Name);
            return;
        }

        await bus.Publish(new SubmitExperiment(Guid.CreateVersion7(), Definition, nameof(MaeLab)), stoppingToken);
    }

    [LoggerMessage(LogLevel.Information, "'{Name}' is in this data folder already")]
    private partial void LogThere(string name);
}
