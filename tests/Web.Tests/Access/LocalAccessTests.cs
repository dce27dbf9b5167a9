using System.Net;
using MaeLab.Testing.Browsers;
using MaeLab.Web.Access;
using MaeLab.Web.Tests.Api;
using MaeLab.Web.Tests.Pages;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Access;

/// <summary>Without accounts: whoever has read the log is let in.</summary>
public sealed class LocalAccessTests(SqliteApiHost host, Chromium chromium) : IClassFixture<SqliteApiHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private OneTimeKey Keys => host.Services.GetRequiredService<OneTimeKey>();

    private Uri Link(string? key) => new(host.Http.BaseAddress!, $"{AccessLink.OpenPath}?key={key}");

    [Fact]
    public async Task Link_opens_once()
    {
        var link = Link(Keys.Renew());

        var door = await Door.OpenAsync(link, Cancel);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Door.OpenAsync(link, Cancel));

        using var http = door.CreateClient();
        using var answer = await http.GetAsync("api/v1/runs", Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Of_many_who_come_with_one_link_at_once_one_is_let_in()
    {
        var link = Link(Keys.Renew());

        var opened = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => OpensAsync(link), Cancel)));

        Assert.Single(opened, opens => opens);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("%00")]
    public async Task Wrong_key_opens_nothing(string key)
    {
        Keys.Renew();

        Assert.False(await OpensAsync(Link(key)));
    }

    [Fact]
    public async Task Link_that_is_replaced_opens_nothing_any_more()
    {
        var before = Link(Keys.Renew());
        Keys.Renew();

        Assert.False(await OpensAsync(before));
    }

    [Fact]
    public async Task Stranger_is_told_of_the_link_and_finds_another_one_in_the_log_once_it_was_used()
    {
        await Door.OpenAsync(Link(Keys.Renew()), Cancel);
        await using var browser = await chromium.OpenAsync(Door.Closed(host.Http.BaseAddress!));

        await browser.Page.GotoAsync("/runs");

        await browser.TestId("locked").ShowsAsync("This MaeLab opens by a link");
        Assert.Null(Keys.RenewIfUsed());
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Cookie_opens_after_a_restart_too()
    {
        using var restarted = host.Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/runs");
        // Its name has the port, which here is another one.
        request.Headers.Add("Cookie", $"maelab.{restarted.BaseAddress!.Port}={host.Door.Cookie}");
        using var stranger = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = restarted.BaseAddress };

        using var answer = await stranger.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Who_signs_out_is_out()
    {
        var door = await Door.OpenAsync(Link(Keys.Renew()), Cancel);
        await using var browser = await chromium.OpenAsync(door);
        await browser.GoAsync("/runs");

        await browser.TestId("who").ClickAsync();
        await browser.Page.GetByText("Sign out").ClickAsync();

        await browser.TestId("locked").ShowsAsync("This MaeLab opens by a link");
        await browser.Page.GotoAsync("/runs");
        await browser.TestId("locked").ShowsAsync("This MaeLab opens by a link");
    }

    private async Task<bool> OpensAsync(Uri link)
    {
        using var http = Door.Closed(host.Http.BaseAddress!).CreateClient(redirects: false);
        using var answer = await http.GetAsync(link, Cancel);
        return answer.Headers.Contains("Set-Cookie");
    }
}
