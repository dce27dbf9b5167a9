using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Model;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Web.Tests.Api;
using MaeLab.Web.Tests.Pages;
using MaeLab.Web.Tests.Sample;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Access;

/// <summary>Whatever people, runners and data sets call things is shown as it is, and is never part of a page.</summary>
public sealed class HostileTextTests(HostileTextTests.HostileHost host, Chromium chromium) : IClassFixture<HostileTextTests.HostileHost>
{
    /// <summary>Out of text, attribute, script and Markdown alike. Every way in would call <c>alert</c> or hang a handler to an element.</summary>
    internal const string Text = "\"><img src=x onerror=\"alert(1)\"><svg/onload=alert(2)><script>alert(3)</script>'onfocus='alert(4) [x](javascript:alert(5))";

    [Theory]
    [InlineData("/")]
    [InlineData("/experiments/{experiment}")]
    [InlineData("/experiments/{experiment}?tab=curves")]
    [InlineData("/experiments/{experiment}?tab=statistics")]
    [InlineData("/experiments/{experiment}?tab=explore")]
    [InlineData("/experiments/{experiment}?tab=gallery")]
    [InlineData("/experiments/{experiment}?tab=theory")]
    [InlineData("/experiments/{experiment}?tab=runs")]
    [InlineData("/experiments/{experiment}?metric={text}&rows={text}&cell={text}&fixed={text}&value={text}")]
    [InlineData("/experiments/{experiment}?tab=explore&axes={text}&brush={text}&by={text}")]
    [InlineData("/runs")]
    [InlineData("/runs?q={text}&tag={text}&sort={text}&columns={text}&group={text}&level={text}")]
    [InlineData("/runs/{complete}")]
    [InlineData("/runs/{failed}")]
    [InlineData("/runs/{job}")]
    [InlineData("/runs/diff?run={complete}&run={failed}&run={text}")]
    [InlineData("/runners")]
    [InlineData("/experiments/new?from={experiment}")]
    [InlineData("/experiments/new?run={complete}")]
    [InlineData("/audit?before={text}")]
    [InlineData("/tokens")]
    [InlineData("/webhooks")]
    public async Task Page_shows_text_as_text(string page)
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        var dialogs = new List<string>();
        browser.Page.Dialog += (_, dialog) => { dialogs.Add(dialog.Message); _ = dialog.DismissAsync(); };
        await browser.Page.AddInitScriptAsync("window.violations = []; document.addEventListener('securitypolicyviolation', event => violations.push(`${event.violatedDirective}: ${event.sample}`));");

        await browser.GoAsync(page.Replace("{experiment}", $"{host.ExperimentId}", StringComparison.Ordinal)
            .Replace("{complete}", $"{host.RunIds[0]}", StringComparison.Ordinal).Replace("{failed}", $"{host.RunIds[1]}", StringComparison.Ordinal)
            .Replace("{job}", $"{host.JobId}", StringComparison.Ordinal)
            .Replace("{text}", Uri.EscapeDataString(Text), StringComparison.Ordinal));
        if (page == "/webhooks")
        {
            // What a receiver answered is seen once it is asked for.
            await browser.Page.GetByText("Deliveries", new() { Exact = true }).First.ClickAsync();
            await browser.TestId("deliveries").ShowsAsync(Text);
        }

        Assert.Empty(dialogs);
        Assert.Empty(await browser.Page.EvaluateAsync<string[]>("violations"));
        await AssertNoneIsPartOfThePageAsync(browser);
    }

    [Theory]
    [InlineData("", "slice-chart")]
    [InlineData("tab=explore", "parallel-chart")]
    [InlineData("tab=explore&sx=dataset.name&sy=maskRatio", "scatter-chart")]
    [InlineData("tab=curves&group=cell", "line-chart")]
    public async Task Tooltip_and_legend_of_a_chart_show_text_as_text(string view, string testId)
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        var dialogs = new List<string>();
        browser.Page.Dialog += (_, dialog) => { dialogs.Add(dialog.Message); _ = dialog.DismissAsync(); };
        await browser.GoAsync($"/experiments/{host.ExperimentId}?{view}");
        var chart = browser.TestId(testId).First;
        await chart.ScrollIntoViewIfNeededAsync();
        await chart.Locator("svg path, .u-over").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });

        Assert.Contains(Text, await HoverUntilToldAsync(browser, chart), StringComparison.Ordinal);

        Assert.Empty(dialogs);
        await AssertNoneIsPartOfThePageAsync(browser);
    }

    [Fact]
    public async Task Text_is_really_there_to_be_shown()
    {
        await using var browser = await chromium.OpenAsync(host.Door);

        await browser.GoAsync($"/experiments/{host.ExperimentId}");

        Assert.Equal(Text, await browser.Page.Locator("h1").InnerTextAsync());
    }

    [Fact]
    public async Task Report_with_such_texts_runs_nothing_where_it_is_opened()
    {
        var html = await host.Http.GetStringAsync($"api/v1/experiments/{host.ExperimentId}/report", TestContext.Current.CancellationToken);
        await using var browser = await chromium.OpenAsync(host.Door);
        var dialogs = new List<string>();
        browser.Page.Dialog += (_, dialog) => { dialogs.Add(dialog.Message); _ = dialog.DismissAsync(); };

        await browser.Page.SetContentAsync(html);

        Assert.Empty(dialogs);
        Assert.Equal(0, await browser.Page.Locator("script, [onerror], [onload], [onfocus], img[src=x]").CountAsync());
    }

    /// <summary>No way in has made an element of its own, or hung a handler to one of ours.</summary>
    internal static async Task AssertNoneIsPartOfThePageAsync(BrowserPage browser)
    {
        Assert.Equal(0, await browser.Page.Locator("[onerror], [onload], [onfocus], img[src=x], a[href^='javascript:']").CountAsync());
        Assert.Empty(browser.Problems);
    }

    /// <summary>Goes to whatever is drawn: along lines and into the middle of points, until a tooltip has the text.</summary>
    /// <returns>What the last one said.</returns>
    private static async Task<string> HoverUntilToldAsync(BrowserPage browser, ILocator chart)
    {
        var places = await chart.EvaluateAsync<float[][]>(
            """
            chart => [...chart.querySelectorAll('svg path, .u-over')].flatMap(shape => {
              const { left, top, width, height } = shape.getBoundingClientRect();
              const middle = [left + width / 2, top + height / 2];
              if (!shape.getTotalLength?.()) return [middle];
              const { x, y } = shape.getPointAtLength(shape.getTotalLength() / 3), { a, b, c, d, e, f } = shape.getScreenCTM();
              return [middle, [a * x + c * y + e, b * x + d * y + f]];
            })
            """);
        var told = "";
        foreach (var place in places.TakeWhile(_ => !told.Contains(Text, StringComparison.Ordinal)))
        {
            await browser.Page.Mouse.MoveAsync(place[0], place[1]);
            // Beside what is drawn, whose axes have the text too.
            told = await chart.EvaluateAsync<string>("chart => [...chart.querySelectorAll(':scope > div:not(:has(svg, canvas))')].map(tooltip => tooltip.innerText).join()");
        }

        return told;
    }

    public sealed class HostileHost(SqliteFiles databases) : ApiHost(databases)
    {
        private const string Dataset = "fashion-mnist";

        public Guid ExperimentId { get; private set; }

        /// <summary>Complete runs and a failed one, each of a cell of its own.</summary>
        public IReadOnlyList<Guid> RunIds { get; private set; } = [];

        /// <summary>One of theory that failed.</summary>
        public Guid JobId { get; private set; }

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            var cancel = TestContext.Current.CancellationToken;
            var definition = JsonSerializer.Serialize(new { name = Text, description = Text, tags = new[] { "a tag" }, preset = "nano", axes = new Dictionary<string, object> { ["maskRatio"] = new[] { 0.5, 0.75 }, ["dataset.name"] = new[] { "fashion-mnist-sample", Dataset } } });
            (ExperimentId, RunIds) = await Samples.AddAsync(index => index == 1 ? RunState.Failed : RunState.Completed, cancel, definition);
            await Samples.AddRunnerAsync(Text, SampleExperiment.Runner, TimeSpan.Zero, 80, cancel);
            var jobs = new SampleJobs(Database.Contexts, TimeProvider.System);
            JobId = await jobs.AddAsync(await jobs.AddCheckpointAsync(RunIds[0], 62, cancel), RunState.Failed, [], cancel);
            await using var db = Database.Open();
            await db.Experiments.ExecuteUpdateAsync(set => set.SetProperty(row => row.SubmittedBy, Text).SetProperty(row => row.Tags, [Text]), cancel);
            await db.Runs.ExecuteUpdateAsync(set => set.SetProperty(row => row.ReasonText, Text), cancel);
            await db.RunLogs.ExecuteUpdateAsync(set => set.SetProperty(row => row.Text, Text), cancel);
            await db.AttemptOutcomes.ExecuteUpdateAsync(set => set.SetProperty(row => row.Message, Text), cancel);
            // A data set is called what somebody's archive calls it.
            var (plain, hostile) = (JsonSerializer.Serialize(Dataset), JsonSerializer.Serialize(Text));
            var experiment = await db.Experiments.SingleAsync(cancel);
            experiment.Definition = experiment.Definition.Replace(plain, hostile, StringComparison.Ordinal);
            experiment.Axes = experiment.Axes.Replace(JsonSerializer.Serialize(plain, JsonDefaults.Options), JsonSerializer.Serialize(hostile, JsonDefaults.Options), StringComparison.Ordinal);
            foreach (var run in (await db.RunsAndJobs.ToListAsync(cancel)).Where(run => run.Dataset == Dataset))
            {
                (run.Dataset, run.Levels, run.Recipe) = (Text, run.Levels.Replace(plain, hostile, StringComparison.Ordinal), run.Recipe.Replace(plain, hostile, StringComparison.Ordinal));
            }

            // The word of a class, wherever a classifier names it.
            foreach (var result in await db.ProbeResults.Where(row => row.Details != null && row.Details.Contains("Trouser")).ToListAsync(cancel))
            {
                result.Details = result.Details!.Replace("Trouser", JsonEncodedText.Encode(Text).ToString(), StringComparison.Ordinal);
            }

            db.Annotations.Add(new() { Id = RunIds[0], RunId = RunIds[0], Tags = [Text], Note = Text });
            db.Annotations.Add(new() { Id = ExperimentId, ExperimentId = ExperimentId, Note = Text });
            db.SavedViews.Add(new() { Id = Guid.CreateVersion7(), Name = Text, Query = $"q={Uri.EscapeDataString(Text)}", CreatedAt = DateTimeOffset.UtcNow });
            db.AuditEntries.Add(new() { Id = Guid.CreateVersion7(), At = DateTimeOffset.UtcNow, Actor = Text, Action = Text, Subject = Text });
            db.ApiTokens.Add(new() { Id = Guid.CreateVersion7(), Name = Text, Hash = "x", CreatedAt = DateTimeOffset.UtcNow, ExpiresAt = DateTimeOffset.UtcNow.AddDays(1) });
            var hook = new WebhookRow { Id = Guid.CreateVersion7(), Url = $"https://example.org/{Text}", Secret = Text, Events = [Text], Enabled = true, EnabledAt = DateTimeOffset.UtcNow, CreatedAt = DateTimeOffset.UtcNow };
            db.Webhooks.Add(hook);
            db.WebhookDeliveries.Add(new() { Id = Guid.CreateVersion7(), WebhookId = hook.Id, RunId = RunIds[0], Event = "run.failed", Payload = "{}", Error = Text, NextAt = DateTimeOffset.UtcNow, CreatedAt = DateTimeOffset.UtcNow });
            await db.SaveChangesAsync(cancel);
        }
    }
}
