using Markdig;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Annotations;

/// <summary>
/// Notes as HTML. Whoever writes a note does not get a script into the pages of others: HTML of their own is shown as text,
/// and addresses other than those of the web, of mail and of MaeLab itself lead nowhere.
/// </summary>
public static class Markdown
{
    private static readonly string[] s_schemes = [Uri.UriSchemeHttp, Uri.UriSchemeHttps, Uri.UriSchemeMailto];

    // Not UseAdvancedExtensions: among them are attributes that the writer chooses.
    private static readonly MarkdownPipeline s_pipeline = new MarkdownPipelineBuilder()
        .DisableHtml().UsePipeTables().UseTaskLists().UseAutoLinks().UseEmphasisExtras().Build();

    /// <param name="images">False: an image becomes a link to it, for a page that is to ask nothing of anybody.</param>
    public static MarkupString ToHtml(string note, bool images = true)
    {
        var document = Markdig.Markdown.Parse(note, s_pipeline);
        foreach (var link in document.Descendants<LinkInline>())
        {
            link.IsImage &= images;
            link.Url = IsHarmless(link.Url) ? link.Url : "";
            if (!link.IsImage)
            {
                OpenElsewhere(link);
            }
        }

        foreach (var link in document.Descendants<AutolinkInline>())
        {
            link.Url = link.IsEmail || IsHarmless(link.Url) ? link.Url : "";
            OpenElsewhere(link);
        }

        return new(document.ToHtml(s_pipeline));
    }

    /// <summary>An address with a scheme of the list, or one within MaeLab.</summary>
    private static bool IsHarmless(string? url) =>
        url is not null
        && (url.StartsWith('/') || !url.Contains(':', StringComparison.Ordinal)
            || (Uri.TryCreate(url, UriKind.Absolute, out var absolute) && s_schemes.Contains(absolute.Scheme)));

    /// <summary>The page with the note stays, and the one that opens does not learn of it.</summary>
    private static void OpenElsewhere(Inline link)
    {
        var attributes = link.GetAttributes();
        attributes.AddPropertyIfNotExist("target", "_blank");
        attributes.AddPropertyIfNotExist("rel", "noopener noreferrer nofollow");
    }
}
