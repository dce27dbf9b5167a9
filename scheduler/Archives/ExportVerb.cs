using MaeLab.Hosting;
using MaeLab.Storage;
using MaeLab.Storage.Archives;

namespace MaeLab.Scheduler.Archives;

/// <summary><c>export EXPERIMENT --out FILE [--checkpoints none|final|all]</c>: writes an experiment as one file, and ends.</summary>
public static class ExportVerb
{
    public const string Name = "export";

    private const string Usage = $"Usage: {Name} EXPERIMENT --out FILE [--checkpoints none|final|all]; EXPERIMENT is the id in the address of its page.";

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args).AddJsonLogging();
        builder.Services.AddMaeLabStorage(builder.Configuration);
        if (!Guid.TryParse(args.FirstOrDefault(), out var experiment) || builder.Configuration["out"] is not { Length: > 0 } path
            || !Enum.TryParse<CheckpointChoice>(builder.Configuration["checkpoints"] ?? nameof(CheckpointChoice.None), ignoreCase: true, out var checkpoints))
        {
            return await SayAsync(Usage, 2);
        }

        if (File.Exists(path))
        {
            return await SayAsync($"{path} is there already; choose another name.", 1);
        }

        await using var app = builder.Build();
        if (ServiceHost.Refuses(app.Services))
        {
            return 1;
        }

        // Under its name there is never half an archive.
        var unfinished = $"{path}.part";
        try
        {
            await using (var file = File.Create(unfinished))
            {
                await app.Services.GetRequiredService<ExperimentExport>().WriteAsync(experiment, checkpoints, file, app.Lifetime.ApplicationStopping);
            }

            File.Move(unfinished, path);
        }
        catch (KeyNotFoundException missing)
        {
            return await SayAsync(missing.Message, 1);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return await SayAsync($"{path} cannot be written: {error.Message}", 1);
        }
        finally
        {
            // Deleting what is not there is no error, in a folder that is not there it is.
            if (File.Exists(unfinished))
            {
                File.Delete(unfinished);
            }
        }

        Console.WriteLine($"{path}: {new FileInfo(path).Length} bytes");
        return 0;
    }

    private static async Task<int> SayAsync(string what, int code)
    {
        await Console.Error.WriteLineAsync(what);
        return code;
    }
}
