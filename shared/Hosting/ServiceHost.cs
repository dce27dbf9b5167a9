using MaeLab.Hosting.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MaeLab.Hosting;

/// <summary>What the programs of all services do alike.</summary>
public static class ServiceHost
{
    /// <summary>One JSON object a line on the console, scopes (RunId) included: what a log collector wants.</summary>
    public static WebApplicationBuilder AddJsonLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders().AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        return builder;
    }

    /// <summary>Runs until told to stop. Wrong settings are listed, all of them, and end the program before anything starts.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunServiceAsync(this WebApplication app)
    {
        var problems = SettingsProblems(app.Services);
        if (problems.Count > 0)
        {
            await Console.Error.WriteLineAsync($"These settings need a change (environment variables write ':' as '__'):{Environment.NewLine}  "
                + string.Join($"{Environment.NewLine}  ", problems));
            return 1;
        }

        app.MapMaeLabHealth();
        await app.RunAsync();
        return 0;
    }

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
}
