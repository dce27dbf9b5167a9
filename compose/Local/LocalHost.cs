using MaeLab.Hosting;
using MaeLab.Hosting.Bus;
using MaeLab.Runner;
using MaeLab.Scheduler;
using MaeLab.Storage;
using MaeLab.Web;

namespace MaeLab.Local;

/// <summary>The three services in one process: the in-memory transport instead of a broker, SQLite instead of a server.</summary>
internal static class LocalHost
{
    public static async Task<int> RunAsync(LocalSettings settings, string[] otherArguments)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = otherArguments, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(Settings(settings));
        builder.WebHost.UseUrls(settings.Urls);
        builder.UseQuietLogLevels().Logging.ClearProviders()
            .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "))
            .AddFilter("Microsoft.Hosting", LogLevel.Warning)
            .AddFilter("MassTransit", LogLevel.Warning);

        // Ctrl-C: a run leaves at its next step with a checkpoint, which takes a few seconds at most for what one trains here.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(15));
        builder.Services.AddMaeLabScheduler(builder.Configuration);
        builder.Services.AddMaeLabRunner(builder.Configuration);
        builder.AddMaeLabWeb();
        builder.Services.AddMaeLabBus(builder.Configuration, SchedulerConsumers.Contribute, RunnerConsumers.Contribute, WebRegistration.Contribute);
        builder.Services.AddSingleton(settings);
        builder.Services.AddHostedService<AddressPrinter>();
        if (settings.Demo)
        {
            builder.Services.AddHostedService<DemoExperiment>();
        }

        var app = builder.Build();
        app.MapMaeLabWeb();
        return await app.RunServiceAsync();
    }

    private static Dictionary<string, string?> Settings(LocalSettings settings)
    {
        var fixedSettings = new Dictionary<string, string?>
        {
            ["Bus:Transport"] = nameof(BusTransport.InMemory),
            ["Storage:Provider"] = nameof(StorageProvider.Sqlite),
            ["Storage:ConnectionString"] = StorageOptions.SqliteFile(Path.Combine(settings.DataFolder, "maelab.db")),
            ["Runner:DataFolder"] = Path.Combine(settings.DataFolder, "runner"),
        };
        if (settings.Token is { } token)
        {
            // Without the option the token of environment or --Web:Token holds.
            fixedSettings["Web:Token"] = token;
        }

        return fixedSettings;
    }
}
