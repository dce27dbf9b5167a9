namespace MaeLab.Web.Features.Annotations;

/// <summary>What people say of a run or of an experiment.</summary>
/// <param name="Tags">In alphabetical order.</param>
/// <param name="Archived">Out of the way: left out of lists unless they ask for it.</param>
/// <param name="Note">Markdown; null: nothing was written.</param>
public sealed record Annotation(IReadOnlyList<string> Tags, bool Archived, string? Note)
{
    public static Annotation None { get; } = new([], false, null);
}
