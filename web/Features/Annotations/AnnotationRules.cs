using MaeLab.Domain;

namespace MaeLab.Web.Features.Annotations;

/// <summary>What tags and notes may be.</summary>
public static class AnnotationRules
{
    public const int LongestTag = 50;
    public const int MostTags = 50;

    /// <summary>Characters; some forty pages.</summary>
    public const int LongestNote = 100_000;

    /// <returns>Null where it can be a tag.</returns>
    public static string? WrongWith(string tag) => tag switch
    {
        _ when string.IsNullOrWhiteSpace(tag) || tag.Trim() != tag => "A tag must have a character, and no spaces at its ends.",
        { Length: > LongestTag } => $"A tag may have {LongestTag} characters at most.",
        _ when tag.Any(char.IsControl) => "A tag must be on one line, without control characters.",
        _ => null,
    };

    public static void CheckTags(string field, IReadOnlyList<string> tags, List<FieldError> errors)
    {
        errors.AddRange(tags.Select((tag, index) => (Wrong: WrongWith(tag), index)).Where(tag => tag.Wrong is not null)
            .Select(tag => new FieldError($"{field}[{tag.index}]", tag.Wrong!)));
        if (tags.Count > MostTags)
        {
            errors.Add(new(field, $"There may be {MostTags} tags at most (there are {tags.Count})."));
        }
    }

    public static void CheckNote(string field, string note, List<FieldError> errors)
    {
        if (note.Length > LongestNote)
        {
            errors.Add(new(field, $"A note may have {LongestNote:#,0} characters at most (this one has {note.Length:#,0})."));
        }

        if (note.Contains('\0'))
        {
            errors.Add(new(field, "The note holds the character U+0000, which no text here has."));
        }
    }
}
