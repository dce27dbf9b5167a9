using MaeLab.Testing.Browsers;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

public sealed class ReportPageTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    [Fact]
    public async Task Report_is_downloaded_and_read_without_a_network()
    {
        await using var browser = await chromium.OpenAsync(host.Door, width: 400);
        await browser.GoAsync(host.AddressOf("experiment"));
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();
        var download = await browser.Page.RunAndWaitForDownloadAsync(() => browser.Page.GetByText("Report as one HTML file").ClickAsync());
        Assert.Equal("mask-ratio-x-patch-size_report.html", download.SuggestedFilename);
        var file = Path.Combine(Directory.CreateTempSubdirectory("maelab-report-").FullName, download.SuggestedFilename);
        await download.SaveAsAsync(file);

        try
        {
            await using var reader = await chromium.OpenAsync(host.Door, width: 400);
            await reader.Page.Context.SetOfflineAsync(true);
            await reader.Page.GotoAsync(new Uri(file).AbsoluteUri);

            await reader.Page.GetByRole(AriaRole.Heading, new() { Name = "Mask ratio x patch size", Exact = true }).WaitForAsync();
            await Assertions.Expect(reader.Page.Locator("figure.plot > svg")).ToHaveCountAsync(2);
            var pictures = await reader.Page.EvaluateAsync<int[]>("[document.images.length, [...document.images].filter(image => image.naturalWidth > 0).length]");
            Assert.Equal(pictures[0], pictures[1]);
            Assert.True(pictures[0] >= 8, $"{pictures[0]} pictures");
            Assert.True(await reader.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "Nothing sticks out at the side.");
            Assert.Empty(reader.Problems);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }

        Assert.Empty(browser.Problems);
    }
}
