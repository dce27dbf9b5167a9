namespace MaeLab.Storage.Model;

/// <summary>Table saved_views: a list of runs that somebody has named, for everybody. Written by web.</summary>
public sealed class SavedViewRow
{
    public Guid Id { get; set; }

    public required string Name { get; set; }

    /// <summary>The query of the page's address, without the question mark.</summary>
    public required string Query { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
