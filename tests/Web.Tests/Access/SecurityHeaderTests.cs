using System.Text.RegularExpressions;
using MaeLab.Testing.Browsers;
using MaeLab.Web.Access;
using MaeLab.Web.Tests.Pages;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Access;

public sealed partial class SecurityHeaderTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("sign-in")]
    [InlineData("nothing")]
    [InlineData("api/v1/runs")]
    [InlineData("api/v1/nothing")]
    [InlineData("js/page.js")]
    [InlineData("healthz")]
    public async Task Every_answer_tells_browsers_what_to_keep_out(string address)
    {
        using var response = await host.Http.GetAsync(address, Cancel);

        var policy = response.Headers.GetValues("Content-Security-Policy").Single().Split("; ").ToDictionary(rule => rule.Split(' ')[0], rule => rule.Split(' ')[1..]);
        Assert.Equal(2, policy["script-src"].Length);
        Assert.Equal("'self'", policy["script-src"][0]);
        Assert.Matches("^'nonce-[\\w-]{43}'$", policy["script-src"][1]);
        Assert.Equal(["'none'"], policy["object-src"]);
        Assert.Equal(["'self'"], policy["base-uri"]);
        Assert.Equal(["'none'"], policy["frame-ancestors"]);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Referrer-Policy").Single());
    }

    [Fact]
    public async Task Nonce_is_of_one_answer_and_stands_at_the_only_script_within_a_page()
    {
        var (first, second) = (await ReadAsync(), await ReadAsync());

        Assert.NotEqual(first.Nonce, second.Nonce);
        Assert.Equal([first.Nonce], Inline().Matches(first.Html).Select(script => NonceOfScript().Match(script.Value).Groups[1].Value));
    }

    [Fact]
    public async Task Cookies_are_out_of_reach_of_scripts_and_other_sites()
    {
        using var http = Door.Closed(host.Http.BaseAddress!).CreateClient(redirects: false);
        using var opened = await http.GetAsync($"{AccessLink.OpenPath}?key={host.Services.GetRequiredService<OneTimeKey>().Renew()}", Cancel);

        var cookie = opened.Headers.GetValues("Set-Cookie").Single();

        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("experiments")]
    [InlineData("experiment")]
    [InlineData("curves of an experiment")]
    [InlineData("gallery of an experiment")]
    [InlineData("exploration of an experiment")]
    [InlineData("theory with all said in the address")]
    [InlineData("statistics of an experiment")]
    [InlineData("new experiment")]
    [InlineData("runs")]
    [InlineData("complete run")]
    [InlineData("runners")]
    public async Task Page_does_nothing_that_the_policy_forbids(string page)
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.Page.AddInitScriptAsync("window.violations = []; document.addEventListener('securitypolicyviolation', event => violations.push(`${event.violatedDirective}: ${event.blockedURI}`));");

        await browser.GoAsync(host.AddressOf(page));
        await browser.Page.Locator("button[data-theme-switch]").ClickAsync();

        Assert.Empty(await browser.Page.EvaluateAsync<string[]>("violations"));
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Script_that_gets_into_a_page_is_not_run()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync("/runs");

        await browser.Page.EvaluateAsync("""
            document.body.insertAdjacentHTML('beforeend', '<img src="/favicon.svg" onload="window.ran = true"><iframe srcdoc="<script>top.ran = true</script>"></iframe>');
            const script = document.createElement('script'); script.textContent = 'window.ran = true'; document.body.append(script);
            """);
        await browser.Page.WaitForFunctionAsync("document.querySelector('body > img').complete");

        Assert.False(await browser.Page.EvaluateAsync<bool>("window.ran === true"));
        Assert.Contains(browser.Problems, problem => problem.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    private async Task<(string Nonce, string Html)> ReadAsync()
    {
        using var response = await host.Http.GetAsync("runs", Cancel);
        return (Nonce().Match(response.Headers.GetValues("Content-Security-Policy").Single()).Groups[1].Value, await response.Content.ReadAsStringAsync(Cancel));
    }

    [GeneratedRegex("'nonce-([^']+)'")]
    private static partial Regex Nonce();

    [GeneratedRegex(@"<script(?![^>]*\bsrc=)[^>]*>")]
    private static partial Regex Inline();

    [GeneratedRegex("nonce=\"([^\"]+)\"")]
    private static partial Regex NonceOfScript();
}
