using MaeLab.Storage.Model;

namespace MaeLab.Scheduler.Lifecycle;

/// <summary>One change of a run under way: its rows as they are now, tracked by the context that will save them.</summary>
/// <param name="Attempt">The newest attempt; null before the first.</param>
internal sealed record RunChange(RunRow Run, RunAttemptRow? Attempt, DateTimeOffset Now)
{
    /// <summary>Only numbers changed, which their own fact already tells the pages; no hint is due.</summary>
    public bool Quiet { get; set; }
}
