using CsCheck;
using MaeLab.Web.Features.Annotations;

namespace MaeLab.Web.Tests.Features;

public sealed class MarkdownTests
{
    private static readonly Uri s_page = new("http://maelab.test/runs/1");

    private static readonly string[] s_pieces =
    [
        "<script>", "</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "[a](", ")", "javascript:alert(1)", "JaVaScRiPt&#58;alert(1)", "&Tab;",
        "data:text/html,<script>", "![b](", "<javascript:alert(1)>", "[r]: ", "[r]", "{onclick=alert(1)}", "`", "\n", "\n\n", "|", "|-|\n", "> ", "* ", "\"", "'", "<", ">", "&lt;", "vbscript:x", " ", "www.x.y",
    ];

    [Theory]
    [InlineData("**bold** and *slanted*", "<strong>bold</strong>")]
    [InlineData("|a|b|\n|-|-|\n|1|2|", "<td>2</td>")]
    [InlineData("[paper](https://arxiv.org/abs/2111.06377)", """<a href="https://arxiv.org/abs/2111.06377" target="_blank" rel="noopener noreferrer nofollow">paper</a>""")]
    [InlineData("[run](/runs/diff?run=a:b)", "href=\"/runs/diff?run=a:b\"")]
    [InlineData("https://arxiv.org", "href=\"https://arxiv.org\" target=\"_blank\" rel=\"noopener noreferrer nofollow\"")]
    [InlineData("<who@lab.org>", "href=\"mailto:who@lab.org\"")]
    public void Markdown_is_shown_and_links_open_elsewhere(string note, string html) => Assert.Contains(html, Html(note), StringComparison.Ordinal);

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("text <img src=x onerror=alert(1)> text")]
    [InlineData("[a](javascript:alert(1))")]
    [InlineData("[a](JAVASCRIPT&#58;alert(1))")]
    [InlineData("[a](&#x6A;avascript:alert(1))")]
    [InlineData("[a](<java\tscript:alert(1)>)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("[a][r]\n\n[r]: javascript:alert(1)")]
    [InlineData("![a](javascript:alert(1))")]
    [InlineData("![a](data:image/svg+xml;base64,PHN2Zz4=)")]
    [InlineData("[a](data:text/html,x)")]
    [InlineData("[a](vbscript:x)")]
    [InlineData("# title {onclick=alert(1)}")]
    [InlineData("[a](https://x.y){onclick=alert(1)}")]
    [InlineData("[a](https://x.y \"\\\" onmouseover=alert(1) \\\"\")")]
    public void No_script_gets_in(string note) => AssertHarmless(Html(note));

    [Fact]
    public void No_mixture_of_such_pieces_lets_a_script_in() =>
        Gen.Int[0, s_pieces.Length - 1].Select(piece => s_pieces[piece]).Array[1, 12].Sample(pieces => AssertHarmless(Html(string.Concat(pieces))));

    private static void AssertHarmless(string html)
    {
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument($"<html><body>{html}</body></html>");
        foreach (var element in page.Body!.QuerySelectorAll("*"))
        {
            Assert.Contains(element.LocalName, (string[])["p", "a", "img", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "code", "pre", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "br", "hr", "del", "sub", "sup", "ins", "mark", "input"]);
            foreach (var attribute in element.Attributes)
            {
                Assert.DoesNotContain("on", attribute.Name[..Math.Min(2, attribute.Name.Length)], StringComparison.OrdinalIgnoreCase);
                if (attribute.Name is "href" or "src")
                {
                    // What a browser would make of it, from the page of a run.
                    var scheme = Uri.TryCreate(s_page, attribute.Value, out var target) ? target.Scheme : attribute.Value.Split(':')[0];
                    Assert.Contains(scheme, (string[])["http", "https", "mailto"]);
                }
            }
        }
    }

    private static string Html(string note) => Markdown.ToHtml(note).Value;
}
