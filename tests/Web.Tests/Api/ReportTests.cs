using System.Net;
using System.Text.RegularExpressions;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Api;

public sealed partial class ReportTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
    private const string Hostile =
        """{"name":"<script>alert(1)</script>\"&'","description":"</style><img src=x onerror=alert(2)>","tags":["<b>t"],"preset":"nano","axes":{"maskRatio":[0.5,0.75],"patchSize":[4,7],"seed":[0,1,2]}}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_that_people_wrote_is_markup_and_nothing_is_asked_of_the_network()
    {
        var (id, _) = await host.Samples.AddAsync(index => index == 7 ? RunState.Failed : RunState.Completed, Cancel, Hostile);
        using (var noted = await host.Http.PutAsync($"api/v1/experiments/{id}/note", new StringContent("""{"note":"![far](https://example.org/x.png) <script>alert(3)</script>"}""", null, "application/json"), Cancel))
        {
            noted.EnsureSuccessStatusCode();
        }

        var html = await ReportAsync(id);

        Assert.Contains("<h1>&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;&#x27;</h1>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;/style&gt;&lt;img src=x onerror=alert(2)&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<link", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>t", html, StringComparison.Ordinal);
        Assert.Contains("Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"", html, StringComparison.Ordinal);
        Assert.All(Sources().Matches(html), source => Assert.StartsWith("data:", source.Groups[1].Value, StringComparison.Ordinal));
        Assert.True(Sources().Count(html) > 4, "There are pictures.");
    }

    [Fact]
    public async Task All_runs_are_named_with_the_hash_of_their_recipe()
    {
        var known = await KnownMatrix.AddToAsync(host, Cancel);

        var html = await ReportAsync(known.Id, $"?metric={KnownMatrix.Metric}&rows=patchSize&columns=maskRatio");

        await using var db = await host.Database.Contexts.CreateDbContextAsync(Cancel);
        var recipes = await db.Runs.Where(run => run.ExperimentId == known.Id).ToDictionaryAsync(run => run.Id, run => RecipeJson.Read(run.Recipe), Cancel);
        Assert.Equal(12, recipes.Count);
        Assert.All(recipes, run => Assert.Matches($"<code>{run.Key}</code>(.|\n)*?<code>{RecipeHash.Short(run.Value)}</code>", html));
        Assert.Equal(12, recipes.Values.Select(RecipeHash.Short).Distinct().Count());
        Assert.Contains("<b>0.72</b>", html, StringComparison.Ordinal);
        Assert.Contains("± 0.0497, n = 3", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Contains("6 of 12 runs are complete", html, StringComparison.Ordinal);
        Assert.Contains("&quot;maskRatio&quot;: [", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_before_the_first_result_says_so()
    {
        var (id, _) = await host.Samples.AddAsync(_ => RunState.Queued, Cancel);

        Assert.Contains("No run is complete yet: nothing can be said.", await ReportAsync(id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_parameters_are_named()
    {
        var (id, _) = await host.Samples.AddAsync(_ => RunState.Queued, Cancel);

        var problem = await host.GetProblemAsync($"api/v1/experiments/{id}/report?rows=colour", HttpStatusCode.BadRequest);

        Assert.NotNull(problem["errors"]!["rows"]);
    }

    private async Task<string> ReportAsync(Guid id, string query = "")
    {
        using var response = await host.Http.GetAsync($"api/v1/experiments/{id}/report{query}", Cancel);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.EndsWith("report.html", response.Content.Headers.ContentDisposition?.FileName, StringComparison.Ordinal);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    /// <summary>What a browser would fetch.</summary>
    [GeneratedRegex("""<(?!a )[^>]*?\s(?:src|href)="([^"]*)""")]
    private static partial Regex Sources();
}
