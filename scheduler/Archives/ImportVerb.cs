using MaeLab.Hosting;
using MaeLab.Storage;
using MaeLab.Storage.Archives;

namespace MaeLab.Scheduler.Archives;

/// <summary>
/// <c>import FILE...</c>: brings experiments from archives into the database, and ends. Writes tables of all services, so it needs the
/// rights of their owner.
/// </summary>
public static class ImportVerb
{
    public const string Name = "import";

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        string[] files = [.. args.TakeWhile(argument => !argument.StartsWith("--", StringComparison.Ordinal))];
        if (files.Length == 0)
        {
            await Console.Error.WriteLineAsync($"Usage: {Name} FILE...");
            return 2;
        }

        var builder = WebApplication.CreateBuilder(args[files.Length..]).AddJsonLogging();
        builder.Services.AddMaeLabStorage(builder.Configuration);
        await using var app = builder.Build();
        if (ServiceHost.Refuses(app.Services))
        {
            return 1;
        }

        await StorageRegistration.MigrateAsync(app.Services, app.Lifetime.ApplicationStopping);
        try
        {
            foreach (var file in files)
            {
                Console.WriteLine(await app.Services.GetRequiredService<ExperimentImport>().ReadFileAsync(file, app.Lifetime.ApplicationStopping));
            }

            return 0;
        }
        catch (ArchiveException wrong)
        {
            await Console.Error.WriteLineAsync($"{wrong.Message} Nothing was imported from this file.");
            return 1;
        }
    }
}
