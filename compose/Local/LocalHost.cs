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
        var builder = CreateBuilder(settings, otherArguments, Settings(settings));

        // Ctrl-C: a run leaves at its next step with a checkpoint, which takes a few seconds at most for what one trains here.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(15));
        builder.Services.AddMaeLabScheduler(builder.Configuration);
        builder.Services.AddMaeLabRunner(builder.Configuration);
        builder.AddMaeLabWeb();
        builder.Services.AddMaeLabBus(builder.Configuration, SchedulerConsumers.Contribute, RunnerConsumers.Contribute, WebRegistration.Contribute);
        if (settings.Demo)
        {
            builder.Services.AddHostedService<DemoExperiment>();
        }

        var app = builder.Build();
        app.MapMaeLabWeb();
        return await app.RunServiceAsync();
    }

    /// <summary>What every process of this program has: its address, a bus within the process, SQLite, a log for persons.</summary>
    /// <param name="fixedSettings">Beside these; they overrule environment and arguments.</param>
    public static WebApplicationBuilder CreateBuilder(LocalSettings settings, string[] otherArguments, Dictionary<string, string?> fixedSettings)
    {
        fixedSettings["Bus:Transport"] = nameof(BusTransport.InMemory);
        fixedSettings["Storage:Provider"] = nameof(StorageProvider.Sqlite);
        if (settings.Token is { } token)
        {
            // Without the option the token of environment or --Web:Token holds.
            fixedSettings["Web:Token"] = token;
        }

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = otherArguments, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(fixedSettings);
        builder.WebHost.UseUrls(settings.Urls);
        builder.UseQuietLogLevels().Logging.ClearProviders()
            .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "))
            .AddFilter("Microsoft.Hosting", LogLevel.Warning)
            .AddFilter("MassTransit", LogLevel.Warning);
        builder.Services.AddSingleton(settings);
        builder.Services.AddHostedService<DataPrinter>();
        return builder;
    }

    private static Dictionary<string, string?> Settings(LocalSettings settings) => new()
    {
        ["Storage:ConnectionString"] = StorageOptions.SqliteFile(settings.DatabaseFile),
        ["Runner:DataFolder"] = Path.Combine(settings.DataFolder, "runner"),
    };
}
