namespace MaeLab.Contracts.Facts;

/// <summary>Every second, scheduler -> itself: what it does not hear of its own it cannot hear of a runner either.</summary>
public sealed record SchedulerReported(Guid SchedulerId);
