namespace MaeLab.Web.Features.Runs;

/// <summary>Which runs, in what order, and where to go on.</summary>
/// <param name="Order">Null: newest first.</param>
/// <param name="Cursor">As given by the page before; null: from the start.</param>
public sealed record RunQuery(RunFilter Filter, RunOrder? Order = null, RunCursor? Cursor = null, int Limit = 50);

/// <param name="NextCursor">Null on the last page.</param>
public sealed record RunPage<T>(IReadOnlyList<T> Items, string? NextCursor);
