using MaeLab.Runner;
using MaeLab.Runner.Machine;
using MaeLab.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MaeLab.Messaging.Tests.Runner;

/// <summary>Not beside others: they change the PATH of the process.</summary>
[Collection(nameof(ResourceSamplerTests))]
[CollectionDefinition(nameof(ResourceSamplerTests), DisableParallelization = true)]
public sealed class ResourceSamplerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maelab-smi-");
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Sample_says_what_the_process_takes_and_what_nvidia_smi_says_of_the_gpu()
    {
        var use = await SampleAsync("""[ "$*" = "--query-gpu=utilization.gpu,memory.used --format=csv,noheader,nounits --id=0" ] && echo "73, 10240" """);

        Assert.Equal(new GpuUse(0.73, 10_240L << 20), use.Gpu);
        Assert.InRange(use.CpuCores, 0, Environment.ProcessorCount + 1);
        Assert.InRange(use.MemoryBytes, 10_000_000, 100_000_000_000);
    }

    [Theory]
    [InlineData("echo '[N/A], [N/A]'")]
    [InlineData("echo 'NVIDIA-SMI has failed'; exit 9")]
    [InlineData(null)]
    public async Task Gpu_that_does_not_tell_costs_the_sample_nothing_else(string? script)
    {
        var use = await SampleAsync(script);

        Assert.Null(use.Gpu);
        Assert.InRange(use.MemoryBytes, 10_000_000, 100_000_000_000);
    }

    /// <param name="script">Of nvidia-smi; null: there is none.</param>
    private async Task<ResourceUse> SampleAsync(string? script)
    {
        if (script is not null && !OperatingSystem.IsWindows())
        {
            var program = Path.Combine(_folder.FullName, "nvidia-smi");
            await File.WriteAllTextAsync(program, $"#!/bin/sh\n{script}\n", TestContext.Current.CancellationToken);
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        // Alone: whatever this machine has is not to be found.
        Environment.SetEnvironmentVariable("PATH", _folder.FullName);
        var options = Options.Create(new RunnerOptions { SampleEvery = TimeSpan.FromMilliseconds(50), DataFolder = _folder.FullName });
        using var identity = new RunnerIdentity(options, TimeProvider.System);
        using var sampler = new ResourceSampler(identity, options, TimeProvider.System, NullLogger<ResourceSampler>.Instance);
        await sampler.StartAsync(TestContext.Current.CancellationToken);
        var use = await Eventually.GetAsync("sample", () => Task.FromResult(sampler.Latest));
        await sampler.StopAsync(TestContext.Current.CancellationToken);
        return use;
    }
}
