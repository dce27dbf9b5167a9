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
        builder.Logging.WithoutHealthQuestions();
        return builder;
    }

    /// <summary>Whoever asks /readyz gets the answer; every "not yet" as an error in the log tells nobody anything.</summary>
    public static ILoggingBuilder WithoutHealthQuestions(this ILoggingBuilder logging) =>
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

    /// <summary>Runs until told to stop. Wrong settings are listed, all of them, and end the program before anything starts.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunServiceAsync(this WebApplication app)
    {
        if (SettingsProblems(app.Services) is { Count: > 0 } problems)
        {
            return Refuse(problems);
        }

        try
        {
            app.MapMaeLabHealth();
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException error)
        {
            // Found only by trying, for example a data folder that another process holds.
            return Refuse(error.Failures);
        }
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
