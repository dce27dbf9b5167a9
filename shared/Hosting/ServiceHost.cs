using MaeLab.Hosting.Health;
using MaeLab.Hosting.Telemetry;
using MaeLab.Hosting.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MaeLab.Hosting;

/// <summary>What the programs of all services do alike.</summary>
public static class ServiceHost
{
    private static readonly Dictionary<string, string?> s_quietLevels = new()
    {
        ["Logging:LogLevel:Microsoft.AspNetCore"] = nameof(LogLevel.Warning),

        // Queries that succeed are many, and what fails is thrown: it is logged by whoever handles it.
        ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = nameof(LogLevel.Critical),

        // Whoever asks /readyz gets the answer; every "not yet" as an error in the log tells nobody anything.
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = nameof(LogLevel.None),
    };

    /// <summary>One JSON object a line on the console, scopes (RunId) included: what a log collector wants.</summary>
    public static WebApplicationBuilder AddJsonLogging(this WebApplicationBuilder builder)
    {
        builder.UseQuietLogLevels().Logging.ClearProviders().AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        return builder;
    }

    /// <summary>Log levels under which the lines that matter are not buried. Settings (Logging:LogLevel) overrule them.</summary>
    public static WebApplicationBuilder UseQuietLogLevels(this WebApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = s_quietLevels });
        return builder;
    }

    /// <summary>Runs until told to stop. Wrong settings are listed, all of them, and end the program before anything starts; so does what no waiting helps against, such as a newer database.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunServiceAsync(this WebApplication app)
    {
        if (Refuses(app.Services))
        {
            return 1;
        }

        var gate = app.Services.GetService<StartupGate>();
        try
        {
            app.MapMaeLabHealth();
            app.MapMetrics();
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (gate?.Refusal is not null)
        {
            // It refused while others were still starting.
        }
        catch (OptionsValidationException error)
        {
            // Found only by trying, for example a data folder that another process holds.
            return Refuse(error.Failures);
        }

        if (gate?.Refusal is not { } refusal)
        {
            return 0;
        }

        await Console.Error.WriteLineAsync(refusal);
        return 1;
    }

    /// <returns>True where settings are wrong, which it has said then.</returns>
    public static bool Refuses(IServiceProvider services) => SettingsProblems(services) is { Count: > 0 } problems && Refuse(problems) > 0;

    /// <returns>What is wrong with all the options that are validated on start.</returns>
    public static IReadOnlyList<string> SettingsProblems(IServiceProvider services)
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
            return [];
        }
        catch (OptionsValidationException error)
        {
            return [.. error.Failures];
        }
        catch (AggregateException errors) when (errors.InnerExceptions.All(error => error is OptionsValidationException))
        {
            return [.. errors.InnerExceptions.Cast<OptionsValidationException>().SelectMany(error => error.Failures)];
        }
    }

    private static int Refuse(IEnumerable<string> problems)
    {
        Console.Error.WriteLine("These settings need a change (environment variables write ':' as '__'):");
        foreach (var problem in problems)
        {
            Console.Error.WriteLine($"  {problem}");
        }

        return 1;
    }
}
