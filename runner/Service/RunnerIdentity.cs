using System.Globalization;
using Microsoft.Extensions.Options;

namespace MaeLab.Runner;

/// <summary>
/// Who this runner is, over all its lives: an id kept in its data folder. The folder is held by one process at a time;
/// two with the same id would take each other's orders.
/// </summary>
public sealed class RunnerIdentity : IDisposable
{
    private readonly FileStream _lock;

    public RunnerIdentity(IOptions<RunnerOptions> options, TimeProvider time)
    {
        Folder = Path.GetFullPath(options.Value.DataFolder);
        Directory.CreateDirectory(Folder);
        _lock = Hold(Folder);
        Id = ReadOrCreateId(Path.Combine(Folder, "runner-id"));

        WorkFolder = Path.Combine(Folder, "work");
        Directory.CreateDirectory(WorkFolder);

        // In whole milliseconds: databases keep no finer time, and this one is compared for equality.
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    public Guid Id { get; }

    /// <summary>Start of this life.</summary>
    public DateTimeOffset StartedAt { get; }

    public string Folder { get; }

    /// <summary>A folder for each attempt under way; at start, those that an earlier life could not finish.</summary>
    public string WorkFolder { get; }

    public void Dispose() => _lock.Dispose();

    private static FileStream Hold(string folder)
    {
        var path = Path.Combine(folder, "runner.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new OptionsValidationException(RunnerOptions.Section, typeof(RunnerOptions), [
                $"{RunnerOptions.Section}:{nameof(RunnerOptions.DataFolder)}: '{folder}' is in use by another runner ({error.Message}). Stop that one, or choose another folder.",
            ]);
        }
    }

    private static Guid ReadOrCreateId(string path)
    {
        if (File.Exists(path) && Guid.TryParse(File.ReadAllText(path).Trim(), CultureInfo.InvariantCulture, out var known))
        {
            return known;
        }

        var id = Guid.CreateVersion7();
        File.WriteAllText(path, id.ToString());
        return id;
    }
}
