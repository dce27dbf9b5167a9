namespace MaeLab.Web.Api;

/// <param name="NextCursor">Null on the last page.</param>
public sealed record ApiList<T>(IReadOnlyList<T> Items, string? NextCursor = null);
