using System.Text.Json;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Model;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Web.Tests.Api;
using MaeLab.Web.Tests.Pages;
using MaeLab.Web.Tests.Sample;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Access;

/// <summary>Whatever people, runners and data sets call things is shown as it is, and is never part of a page.</summary>
public sealed class HostileTextTests(HostileTextTests.HostileHost host, Chromium chromium) : IClassFixture<HostileTextTests.HostileHost>
{
    /// <summary>Out of text, attribute, script and Markdown alike. Every way in would call <c>alert</c> or hang a handler to an element.</summary>
    private const string Text = "\"><img src=x onerror=\"alert(1)\"><svg/onload=alert(2)><script>alert(3)</script>'onfocus='alert(4) [x](javascript:alert(5))";

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
        // Charts write tooltips where the mouse is.
        foreach (var chart in await browser.Page.Locator("main canvas, main .chart svg").AllAsync())
        {
            await chart.HoverAsync(new() { Force = true });
        }

        if (page == "/webhooks")
        {
            // What a receiver answered is seen once it is asked for.
            await browser.Page.GetByText("Deliveries", new() { Exact = true }).First.ClickAsync();
            await browser.TestId("deliveries").ShowsAsync(Text);
        }

        Assert.Empty(dialogs);
        Assert.Empty(await browser.Page.EvaluateAsync<string[]>("violations"));
        Assert.Equal(0, await browser.Page.Locator("[onerror], [onload], [onfocus], img[src=x], a[href^='javascript:']").CountAsync());
        Assert.Empty(browser.Problems);
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

    public sealed class HostileHost(SqliteFiles databases) : ApiHost(databases)
    {
        public Guid ExperimentId { get; private set; }

        /// <summary>A complete run and a failed one, of two cells.</summary>
        public IReadOnlyList<Guid> RunIds { get; private set; } = [];

        /// <summary>One of theory that failed.</summary>
        public Guid JobId { get; private set; }

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            var cancel = TestContext.Current.CancellationToken;
            var definition = JsonSerializer.Serialize(new { name = Text, description = Text, tags = new[] { "a tag" }, preset = "nano", axes = new { maskRatio = new[] { 0.5, 0.75 } } });
            (ExperimentId, RunIds) = await Samples.AddAsync(index => index == 0 ? RunState.Completed : RunState.Failed, cancel, definition);
            await Samples.AddRunnerAsync(Text, SampleExperiment.Runner, TimeSpan.Zero, 80, cancel);
            var jobs = new SampleJobs(Database.Contexts, TimeProvider.System);
            JobId = await jobs.AddAsync(await jobs.AddCheckpointAsync(RunIds[0], 62, cancel), RunState.Failed, [], cancel);
            await using var db = Database.Open();
            await db.Experiments.ExecuteUpdateAsync(set => set.SetProperty(row => row.SubmittedBy, Text).SetProperty(row => row.Tags, [Text]), cancel);
            await db.Runs.ExecuteUpdateAsync(set => set.SetProperty(row => row.ReasonText, Text), cancel);
            await db.RunLogs.ExecuteUpdateAsync(set => set.SetProperty(row => row.Text, Text), cancel);
            await db.AttemptOutcomes.ExecuteUpdateAsync(set => set.SetProperty(row => row.Message, Text), cancel);
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
