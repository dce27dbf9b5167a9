using MaeLab.Contracts.Facts;

namespace MaeLab.Runner.Spooling;

/// <summary>Where an attempt keeps its files until all it made is stored.</summary>
internal static partial class AttemptFolder
{
    /// <summary>An empty one.</summary>
    public static string Create(RunnerIdentity identity, HeldAttempt attempt)
    {
        var folder = Path.Combine(identity.WorkFolder, $"{attempt.RunId:n}-{attempt.Attempt}");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return Directory.CreateDirectory(folder).FullName;
    }

    public static void TryDelete(string folder, ILogger logger)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What stays there goes with the next start of this runner.
            LogNotDeleted(logger, error, folder);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Folder} could not be removed; it is when this runner starts the next time")]
    private static partial void LogNotDeleted(ILogger logger, Exception error, string folder);
}
