using MaeLab.Engine.Data;
using MaeLab.Hosting.Options;

namespace MaeLab.Runner;

/// <summary>Configuration section <c>Runner</c>.</summary>
public sealed class RunnerOptions : ICheckedOptions
{
    public const string Section = "Runner";

    private const int LongestName = 200;

    /// <summary>Some minutes of an ordinary run.</summary>
    private const long LeastSpoolBytes = 4_000_000;

    /// <summary>How people call it.</summary>
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>Runs trained side by side.</summary>
    public int Slots { get; set; } = 1;

    /// <summary>libtorch's threads a run; 0: the cores, shared evenly by the slots.</summary>
    public int Threads { get; set; }

    /// <summary>Where the runner keeps its identity and what is on its way to the database. One folder a runner.</summary>
    public string DataFolder { get; set; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "MaeLab", "runner");

    /// <summary>
    /// Folder by data set name, for known data sets that are not where they are looked for (<see cref="DatasetLocator"/>), and for
    /// folders of images of one's own: <c>train/CLASS/IMAGE</c> and <c>val/CLASS/IMAGE</c>.
    /// </summary>
    public Dictionary<string, string> DataFolders { get; } = [];

    /// <summary>Where decoded images are kept from run to run; null: in the data folder. Runners may share it.</summary>
    public string? CacheFolder { get; set; }

    /// <summary>What the cache folder may take, in bytes; a set that does not fit is decoded as it is used. 0: no cache.</summary>
    public long CacheBytes { get; set; } = 100_000_000_000;

    /// <summary>
    /// What points, log lines and pictures may take on disk while the database is away, in bytes, for all slots together; each
    /// has its share. What comes then is dropped, and counted. Checkpoints are beside it (<see cref="WaitingCheckpointBytes"/>).
    /// </summary>
    public long SpoolBytes { get; set; } = 2_000_000_000;

    /// <summary>
    /// What checkpoints may take on disk until the database has them, in bytes, for all slots together; each has its share. Those wait
    /// that the recipe would keep: the newest, the best so far, every so many epochs. Beyond this the oldest is dropped, logged and
    /// counted, the best last; the newest, from which the run would go on, stays whatever it takes.
    /// </summary>
    public long WaitingCheckpointBytes { get; set; } = 20_000_000_000;

    /// <summary>How often it says that it lives; a fifth of the scheduler's lease, so that losing a few does no harm.</summary>
    public TimeSpan ReportEvery { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How often CPU, memory and GPU are looked at for the series <c>system/...</c> of the runs; zero: never.</summary>
    public TimeSpan SampleEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Measure the training rate with a short run at start.</summary>
    public bool Calibrate { get; set; } = true;

    internal int ThreadsOfARun => Threads > 0 || Slots == 1 ? Threads : Math.Max(1, Environment.ProcessorCount / Slots);

    internal ImageCache Cache() => new(CacheFolder ?? Path.Combine(DataFolder, "cache"), CacheBytes);

    public IEnumerable<OptionProblem> Check()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > LongestName)
        {
            yield return new(nameof(Name), $"needs 1 to {LongestName} characters.");
        }

        if (Slots is < 1 or > 64)
        {
            yield return new(nameof(Slots), $"must be between 1 and 64 (it is {Slots}).");
        }

        if (Threads is < 0 or > 1024)
        {
            yield return new(nameof(Threads), $"must be between 0 (the cores, shared by the slots) and 1024 (it is {Threads}).");
        }

        if (string.IsNullOrWhiteSpace(DataFolder))
        {
            yield return new(nameof(DataFolder), "is missing; name a folder that the runner may write to.");
        }

        if (CacheBytes < 0)
        {
            yield return new(nameof(CacheBytes), $"must not be negative (it is {CacheBytes}); 0 turns the cache off.");
        }

        if (SpoolBytes / Math.Max(Slots, 1) < LeastSpoolBytes)
        {
            yield return new(nameof(SpoolBytes), $"must be at least {LeastSpoolBytes:#,0} for each slot (it is {SpoolBytes:#,0} for {Slots}).");
        }

        if (WaitingCheckpointBytes < 0)
        {
            yield return new(nameof(WaitingCheckpointBytes), $"must not be negative (it is {WaitingCheckpointBytes}); 0 keeps the newest checkpoint of each run.");
        }

        if (ReportEvery <= TimeSpan.Zero)
        {
            yield return new(nameof(ReportEvery), $"must be longer than zero, for example 00:00:03 (it is {ReportEvery}).");
        }

        if (SampleEvery < TimeSpan.Zero)
        {
            yield return new(nameof(SampleEvery), $"cannot be negative (it is {SampleEvery}); 00:00:00 turns the series of the machine off.");
        }

        foreach (var (dataset, folder) in DataFolders.Where(entry => !Directory.Exists(entry.Value)))
        {
            yield return new($"{nameof(DataFolders)}:{dataset}", $"there is no folder '{folder}'.");
        }
    }
}
