using System.Net;
using System.Text.RegularExpressions;
using MaeLab.Contracts.Commands;
using MaeLab.Domain.Runs;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Web.Access;
using MaeLab.Web.Tests.Pages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Api;

/// <summary>Opened to be looked at: everything can be seen, nothing changed.</summary>
public sealed partial class ReadOnlyTests(ReadOnlyTests.ReadOnlyHost host, Chromium chromium) : IClassFixture<ReadOnlyTests.ReadOnlyHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_request_that_could_change_something_is_refused()
    {
        var changing = host.Endpoints.SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods, (endpoint, method) => (Address: Parameter().Replace(endpoint.RoutePattern.RawText!, Guid.Empty.ToString()), Method: method))
            .Where(request => request.Method != "GET").ToList();
        foreach (var (address, method) in changing)
        {
            using var request = new HttpRequestMessage(new(method), address) { Content = new StringContent("{}", null, "application/json") };
            using var response = await host.Http.SendAsync(request, Cancel);
            var problem = await ApiHost.ReadProblemAsync(response, HttpStatusCode.Forbidden);
            Assert.Equal("Opened read-only.", (string?)problem["title"]);
        }

        Assert.True(changing.Count > 10, "The API has more than ten ways to change something.");
    }

    [Fact]
    public async Task What_is_there_can_be_read() => Assert.Single((await host.GetAsync("api/v1/experiments"))["items"]!.AsArray());

    [Fact]
    public async Task No_command_leaves()
    {
        var commands = host.Services.GetRequiredService<CommandSender>();

        await Assert.ThrowsAsync<NotAllowedException>(() => commands.SendAsync(Actor.LocalPerson, new ControlRun(Guid.NewGuid(), RunAction.Cancel, "tester"), Cancel));
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(400, ColorScheme.Dark)]
    public async Task Pages_say_what_is_open_and_offer_no_change(int width, ColorScheme scheme)
    {
        await using var browser = await chromium.OpenAsync(host.Door, width, 900, scheme);
        foreach (var address in new[] { "/", $"/experiments/{host.ExperimentId}", $"/runs/{host.RunId}", "/runs", "/runners" })
        {
            await browser.GoAsync(address);

            await browser.TestId("readonly").ShowsAsync("Opened read-only: A study.");
            var buttons = await browser.Page.Locator("main button, main a, header a").AllInnerTextsAsync();
            Assert.DoesNotContain(buttons, text => Change().IsMatch(text));
            Assert.Equal(0, await browser.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        }

        await browser.GoAsync("/experiments/new");
        await browser.TestId("empty-state").ShowsAsync("Opened read-only");
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Archive_is_offered_by_the_menu_of_an_experiment()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync($"/experiments/{host.ExperimentId}");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();

        var download = await browser.Page.RunAndWaitForDownloadAsync(() => browser.Page.GetByText("Everything, as an archive").ClickAsync());

        Assert.Equal($"maelab-{host.ExperimentId}.maelab", download.SuggestedFilename);
        Assert.Empty(browser.Problems);
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("^(New experiment|Clone|Retry|Cancel|Pause|Resume|Write a note|Edit|Save|Delete)", RegexOptions.IgnoreCase)]
    private static partial Regex Change();

    public sealed class ReadOnlyHost(SqliteFiles databases) : ApiHost(databases)
    {
        public Guid ExperimentId { get; private set; }

        public Guid RunId { get; private set; }

        protected override string? ReadOnly => "A study";

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            // A failed run could be retried, elsewhere.
            var (id, runs) = await Samples.AddAsync(index => index == 0 ? RunState.Failed : RunState.Completed, TestContext.Current.CancellationToken);
            (ExperimentId, RunId) = (id, runs[0]);
        }
    }
}
