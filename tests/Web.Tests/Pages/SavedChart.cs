using System.Globalization;
using System.Xml.Linq;
using MaeLab.Testing;
using MaeLab.Testing.Browsers;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

/// <summary>A chart as a person saves it.</summary>
/// <param name="Name">Of the file.</param>
internal sealed record SavedChart(string Name, byte[] Content)
{
    public XElement Svg => XDocument.Load(new MemoryStream(Content)).Root!;

    /// <summary>Opacities of the lines that no axis has.</summary>
    public IEnumerable<double> LineOpacities => Opacities("stroke-opacity");

    public IEnumerable<double> FillOpacities => Opacities("fill-opacity");

    public string Text => string.Join('\n', Svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value));

    /// <param name="region">Label of the part of the page that the chart is in.</param>
    public static async Task<SavedChart> TakeAsync(BrowserPage browser, string region, string format)
    {
        await browser.Page.GetByRole(AriaRole.Region, new() { Name = region }).GetByRole(AriaRole.Button, new() { NameString = "Save the chart" }).First.ClickAsync();
        var download = await browser.Page.RunAndWaitForDownloadAsync(() => browser.Page.GetByText($"Save as {format}").ClickAsync());
        await using var content = await download.CreateReadStreamAsync();
        var bytes = new MemoryStream();
        await content.CopyToAsync(bytes);
        return new(download.SuggestedFilename, bytes.ToArray());
    }

    /// <summary>What the server sends is drawn a moment after the address has changed.</summary>
    public static Task<SavedChart> UntilAsync(BrowserPage browser, string region, Func<SavedChart, bool> condition) =>
        Eventually.GetAsync("chart with what was asked for", async () => await TakeAsync(browser, region, "SVG") is var chart && condition(chart) ? chart : null);

    private IEnumerable<double> Opacities(string attribute) => Svg.Descendants()
        .Where(element => element.Ancestors().Any(ancestor => ancestor.Attribute("clip-path") is not null))
        .Select(element => element.Attribute(attribute)).OfType<XAttribute>().Select(value => double.Parse(value.Value, CultureInfo.InvariantCulture));
}
