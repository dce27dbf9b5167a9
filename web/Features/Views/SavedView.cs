namespace MaeLab.Web.Features.Views;

/// <summary>A list of runs that somebody has named, for everybody.</summary>
/// <param name="Query">Of the address of the page of runs, without the question mark.</param>
public sealed record SavedView(Guid Id, string Name, string Query, DateTimeOffset CreatedAt);
