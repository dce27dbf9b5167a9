using System.Text.Json;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Ring;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

/// <summary>What axe-core finds on the pages, in both themes: nothing that keeps a person from using them.</summary>
public sealed class AccessibilityTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    private static readonly string s_axe = File.ReadAllText(Path.Combine(Repository.Root, "web", "node_modules", "axe-core", "axe.min.js"));

    [Theory]
    [InlineData("experiments")]
    [InlineData("experiment")]
    [InlineData("statistics of an experiment")]
    [InlineData("curves of an experiment")]
    [InlineData("exploration of an experiment")]
    [InlineData("gallery of an experiment")]
    [InlineData("theory of an experiment")]
    [InlineData("attention in an experiment")]
    [InlineData("theory")]
    [InlineData("runs of an experiment")]
    [InlineData("new experiment")]
    [InlineData("runs")]
    [InlineData("complete run")]
    [InlineData("queued run")]
    [InlineData("examined run")]
    [InlineData("theory job")]
    [InlineData("runners")]
    [InlineData("webhooks")]
    [InlineData("tokens")]
    [InlineData("audit")]
    [InlineData("no such experiment")]
    public async Task Page_has_no_serious_finding(string page)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var browser = await chromium.OpenAsync(host.Door, 1440, 900, scheme);
            await browser.GoAsync(host.AddressOf(page));

            await browser.Page.EvaluateAsync(s_axe);
            var found = await browser.Page.EvaluateAsync<JsonElement>("async () => (await axe.run()).violations.map(v => ({ id: v.id, impact: v.impact, help: v.help, where: v.nodes.map(n => n.html.slice(0, 160)).slice(0, 5) }))");

            var serious = found.EnumerateArray().Where(finding => finding.GetProperty("impact").GetString() is "serious" or "critical").ToList();
            Assert.True(serious.Count == 0, $"{scheme}: {string.Join(Environment.NewLine, serious)}");
        }
    }
}
