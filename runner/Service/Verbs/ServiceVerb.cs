using MaeLab.Hosting;
using MaeLab.Hosting.Bus;
using MaeLab.Hosting.Telemetry;

namespace MaeLab.Runner.Verbs;

/// <summary>Without a verb: a runner service.</summary>
internal static class ServiceVerb
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [var word, ..] && !word.StartsWith('-'))
        {
            await Console.Error.WriteLineAsync($"There is no verb '{word}'; --help lists them.");
            return 2;
        }

        var builder = WebApplication.CreateBuilder(args).AddJsonLogging().AddTelemetry("maelab-runner");
        builder.Services.AddMaeLabRunner(builder.Configuration);
        builder.Services.AddMaeLabBus(builder.Configuration, RunnerConsumers.Contribute);
        return await builder.Build().RunServiceAsync();
    }
}
