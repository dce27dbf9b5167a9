using MaeLab.Testing.Browsers;

namespace MaeLab.Web.Tests.Pages;

/// <summary>What axe-core finds on the pages, in both themes and at a phone's width: nothing that keeps a person from using them.</summary>
public sealed class AccessibilityTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
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
    [InlineData("comparison")]
    public async Task Page_has_no_serious_finding(string page) => await AxeFindings.NoneAsync(chromium, host.Door, host.AddressOf(page));
}
