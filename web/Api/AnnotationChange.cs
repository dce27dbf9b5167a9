using System.Text.Json.Serialization;
using MaeLab.Domain;
using MaeLab.Web.Features.Annotations;

namespace MaeLab.Web.Api;

/// <summary>What can be said of a run. What is left out stays as it is.</summary>
/// <param name="Tags">All that the run is to have.</param>
/// <param name="Archived">True: out of the way, left out of lists unless they ask for it.</param>
/// <param name="Note">Markdown; empty: none.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AnnotationChange(IReadOnlyList<string>? Tags = null, bool? Archived = null, string? Note = null)
{
    internal Annotation Apply(Annotation old) =>
        new(Tags ?? old.Tags, Archived ?? old.Archived, Note is null ? old.Note : Note.Length > 0 ? Note : null);

    internal IEnumerable<FieldError> Check()
    {
        var errors = new List<FieldError>();
        if (this is { Tags: null, Archived: null, Note: null })
        {
            errors.Add(new("", "Say tags, archived, note or several of them."));
        }

        AnnotationRules.CheckTags("tags", Tags ?? [], errors);
        AnnotationRules.CheckNote("note", Note ?? "", errors);
        return errors;
    }
}

/// <summary>What can be said of an experiment.</summary>
/// <param name="Note">Markdown; empty: none.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NoteChange(string? Note = null)
{
    internal IEnumerable<FieldError> Check()
    {
        var errors = new List<FieldError>();
        if (Note is null)
        {
            errors.Add(new("note", "Say the note; an empty one is none."));
        }

        AnnotationRules.CheckNote("note", Note ?? "", errors);
        return errors;
    }
}
