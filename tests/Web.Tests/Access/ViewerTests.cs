using System.Net;
using MaeLab.Domain.Accounts;
using MaeLab.Domain.Runs;
using MaeLab.Testing.Browsers;
using MaeLab.Web.Access;
using MaeLab.Web.Tests.Pages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Access;

/// <summary>Who may only look, by page, API and circuit.</summary>
public sealed class ViewerTests(AccountsHost host, Chromium chromium) : IClassFixture<AccountsHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Viewer_sees_everything_and_is_offered_no_change()
    {
        var (experiment, runs) = await host.Samples.AddAsync(index => index == 0 ? RunState.Failed : RunState.Running, Cancel, """{"name":"seen","axes":{"seed":[0,1]}}""");
        await using var browser = await chromium.OpenAsync(await host.SignInAsync("viewer"));
        foreach (var address in new[] { "/", $"/experiments/{experiment}", $"/experiments/{experiment}?tab=runs", $"/runs/{runs[0]}", $"/runs/{runs[1]}", "/runs", "/runners" })
        {
            await browser.GoAsync(address);

            var buttons = await browser.Page.Locator("main button, main a, header a").AllInnerTextsAsync();
            Assert.DoesNotContain(buttons, text => new[] { "New experiment", "Clone", "Retry", "Cancel", "Pause", "Write a note" }.Any(change => text.StartsWith(change, StringComparison.Ordinal)));
        }

        Assert.Empty(browser.Problems);
    }

    [Theory]
    [InlineData("/experiments/new", "viewer")]
    [InlineData("/users", "researcher")]
    public async Task Page_that_takes_another_role_says_so(string page, string user)
    {
        await using var browser = await chromium.OpenAsync(await host.SignInAsync(user));

        await browser.GoAsync(page);
        await browser.TestId("empty-state").ShowsAsync("Your role does not allow this");

        // Also where the page is gone to within a circuit, where no request is made.
        await browser.GoAsync("/runs");
        await browser.Page.EvaluateAsync("address => Blazor.navigateTo(address)", page);
        await browser.TestId("empty-state").ShowsAsync("Your role does not allow this");
    }

    [Fact]
    public async Task Viewer_submits_nothing_through_the_api()
    {
        var scheduler = await host.SchedulerAsync();
        using var viewer = (await host.SignInAsync("viewer")).CreateClient();
        using var researcher = (await host.SignInAsync("researcher")).CreateClient();

        using var refused = await SubmitAsync(viewer, "by a viewer");
        using var accepted = await SubmitAsync(researcher, "by a researcher");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Created), (refused.StatusCode, accepted.StatusCode));
        var command = await scheduler.NextAsync<Contracts.Commands.SubmitExperiment>(Cancel);
        Assert.Equal("researcher", command.SubmittedBy);
        Assert.Contains("by a researcher", command.Definition, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_that_was_open_before_a_role_was_taken_changes_nothing_any_more()
    {
        var user = await host.AddUserAsync("fallen", UserRole.Researcher);
        var (_, runs) = await host.Samples.AddAsync(_ => RunState.Running, Cancel, """{"name":"kept"}""");
        await using var browser = await chromium.OpenAsync(await host.SignInAsync("fallen"));
        await browser.GoAsync($"/runs/{runs[0]}");
        var cancel = browser.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" });
        await Assertions.Expect(cancel).ToBeEnabledAsync();

        await host.ChangeAsync(user, row => row.Role = UserRole.Viewer);
        await cancel.ClickAsync();

        await browser.Page.Locator("main").ShowsAsync("This takes the role researcher; fallen is viewer.");
        await using var db = host.Database.Open();
        Assert.False(await db.AuditEntries.AnyAsync(entry => entry.Actor == "fallen" && entry.Action != AuditLog.SignIn, Cancel));
    }

    [Fact]
    public async Task Whatever_is_asked_for_is_in_the_audit_log_with_who_it_was()
    {
        var user = await host.AddUserAsync("noted", UserRole.Researcher);
        var (_, runs) = await host.Samples.AddAsync(_ => RunState.Running, Cancel, """{"name":"noted"}""");
        using var http = await host.ProgramOfAsync(user, UserRole.Researcher);

        using var answer = await http.PostAsync($"api/v1/runs/{runs[0]}/cancel", null, Cancel);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await using var db = host.Database.Open();
        Assert.Equal(
            [("CreateToken", "noted", "a program, Researcher, 30 days"), ("CancelRun", "noted (token a program)", $"run {runs[0]}")],
            (await db.AuditEntries.Where(entry => entry.UserId == user.Id).OrderBy(entry => entry.Id).ToListAsync(Cancel)).Select(entry => (entry.Action, entry.Actor, entry.Subject!)));
    }

    private static Task<HttpResponseMessage> SubmitAsync(HttpClient http, string name) => http.PostAsync(
        "api/v1/experiments", new StringContent($$"""{"name":"{{name}}","preset":"nano"}""", null, "application/json"), Cancel);
}
