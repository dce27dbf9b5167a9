using MaeLab.Contracts;
using MaeLab.Hosting.Options;

namespace MaeLab.Scheduler;

/// <summary>Configuration section <c>Scheduler</c>.</summary>
public sealed class SchedulerOptions : ICheckedOptions
{
    public const string Section = "Scheduler";

    /// <summary>A runner that has not reported for this long has lost what it held.</summary>
    public TimeSpan Lease { get; set; } = LeaseTerm.Default;

    /// <summary>An order on its way: so long after the assignment a runner need not know of the run yet.</summary>
    public TimeSpan AssignmentGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Placement looks at least this often; messages wake it at once.</summary>
    public TimeSpan PlaceEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often leases and outcomes are looked at.</summary>
    public TimeSpan WatchEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a run that failed for a reason of its own is tried again.</summary>
    public int MaxRetries { get; set; } = 2;

    /// <summary>So many runners may be lost under a run without progress before it is given up.</summary>
    public int MaxLosses { get; set; } = 5;

    /// <summary>Wait before the first retry; doubles with each further one.</summary>
    public TimeSpan RetryBackOff { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A run that has trained for less does not make room for one of a higher priority: it would do little but start and stop.</summary>
    public TimeSpan PreemptAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>So long a deleted run can be had back.</summary>
    public TimeSpan KeepDeleted { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How often is looked for deleted runs whose term is over.</summary>
    public TimeSpan RemoveEvery { get; set; } = TimeSpan.FromMinutes(10);

    public IEnumerable<OptionProblem> Check()
    {
        foreach (var (key, value) in new[]
        {
            (nameof(Lease), Lease), (nameof(AssignmentGrace), AssignmentGrace), (nameof(PlaceEvery), PlaceEvery),
            (nameof(WatchEvery), WatchEvery), (nameof(RetryBackOff), RetryBackOff), (nameof(RemoveEvery), RemoveEvery),
        })
        {
            if (value <= TimeSpan.Zero)
            {
                yield return new(key, $"must be longer than zero, for example 00:00:05 (it is {value}).");
            }
        }

        if (PreemptAfter < TimeSpan.Zero)
        {
            yield return new(nameof(PreemptAfter), $"cannot be negative (it is {PreemptAfter}); 00:00:00 lets every running run be preempted.");
        }

        if (KeepDeleted < TimeSpan.Zero)
        {
            yield return new(nameof(KeepDeleted), $"cannot be negative (it is {KeepDeleted}); 00:00:00 removes deleted runs for good at once.");
        }

        if (MaxRetries < 0)
        {
            yield return new(nameof(MaxRetries), $"cannot be negative (it is {MaxRetries}); 0 turns retries off.");
        }

        if (MaxLosses < 1)
        {
            yield return new(nameof(MaxLosses), $"must be at least 1 (it is {MaxLosses}).");
        }
    }
}
