using System.Text.Json;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Ring;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

internal static class AxeFindings
{
    private static readonly string s_axe = File.ReadAllText(Path.Combine(Repository.Root, "web", "node_modules", "axe-core", "axe.min.js"));

    /// <summary>Wide in both themes, and narrow, where other parts of a page scroll and wrap: there is nothing serious or critical.</summary>
    /// <param name="interactive">The page has a circuit.</param>
    public static async Task NoneAsync(Chromium chromium, Door door, string address, bool interactive = true)
    {
        foreach (var (width, scheme) in new[] { (1440, ColorScheme.Light), (1440, ColorScheme.Dark), (400, ColorScheme.Light) })
        {
            await using var browser = await chromium.OpenAsync(door, width, 900, scheme);
            await browser.Page.GotoAsync(address);
            if (interactive)
            {
                await browser.InteractiveAsync();
            }

            await NoneAsync(browser, $"{scheme} at {width}");
        }
    }

    /// <summary>As the page is now.</summary>
    public static async Task NoneAsync(BrowserPage browser, string when)
    {
        await browser.Page.EvaluateAsync(s_axe);
        var found = await browser.Page.EvaluateAsync<JsonElement>("async () => (await axe.run()).violations.map(v => ({ id: v.id, impact: v.impact, help: v.help, where: v.nodes.map(n => n.html.slice(0, 160)).slice(0, 5) }))");

        var serious = found.EnumerateArray().Where(finding => finding.GetProperty("impact").GetString() is "serious" or "critical").ToList();
        Assert.True(serious.Count == 0, $"{when}: {string.Join(Environment.NewLine, serious)}");
    }
}
