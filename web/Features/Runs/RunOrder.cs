namespace MaeLab.Web.Features.Runs;

/// <summary>By which column, and in which direction. Of equal runs the older one is the smaller.</summary>
public sealed record RunOrder(RunColumn Column, bool Descending)
{
    public static RunOrder Newest { get; } = new(RunColumn.Created, Descending: true);

    /// <summary>As addresses have it: falling with a leading minus.</summary>
    public string Word => (Descending ? "-" : "") + Column.Word;

    /// <returns>Null where the word names no column that can be sorted by; newest first where there is none.</returns>
    public static RunOrder? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Newest;
        }

        var descending = text[0] == '-';
        return RunColumn.Find(descending ? text[1..] : text) is { CanSort: true } column ? new(column, descending) : null;
    }
}
