using MaeLab.Domain.Runs;

namespace MaeLab.Web.Features.Runs;

public enum RunSort
{
    /// <summary>Age: by id, which is a UUIDv7.</summary>
    Created,
    MaskRatio,
    PatchSize,
    Seed,
    Loss,
    LinearAccuracy,
}

/// <summary>Which runs, in what order, and where to go on.</summary>
/// <param name="States">Empty: all.</param>
/// <param name="Text">Part of the experiment's name or of the data set's, or a run's whole id.</param>
/// <param name="Cursor">As given by the page before; null: from the start.</param>
public sealed record RunQuery(
    Guid? ExperimentId = null, IReadOnlyList<RunState>? States = null, string? Text = null,
    RunSort Sort = RunSort.Created, bool Descending = true, RunCursor? Cursor = null, int Limit = 50);

/// <summary>An order as addresses have it: created, maskRatio and so on, falling with a leading minus.</summary>
public static class RunOrder
{
    public const string Default = "-created";

    /// <returns>The word, which may be unknown, and whether it has a minus.</returns>
    public static (string Word, bool Descending) Split(string? text)
    {
        var order = string.IsNullOrEmpty(text) ? Default : text;
        return order[0] == '-' ? (order[1..], true) : (order, false);
    }
}

/// <param name="NextCursor">Null on the last page.</param>
public sealed record RunPage(IReadOnlyList<RunSummary> Items, string? NextCursor);
