using System.Text.RegularExpressions;
using MaeLab.Contracts.Commands;
using MaeLab.Contracts.Facts;
using MaeLab.Testing.Browsers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

public sealed class NewExperimentPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>With a scheduler on the bus.</summary>
    public sealed class Answered(PageHost host, Chromium chromium) : IClassFixture<PageHost>
    {
        [Fact]
        public async Task Submission_leads_to_the_experiment()
        {
            var scheduler = await host.SchedulerAsync();
            await using var browser = await chromium.OpenAsync(host.Door);
            await browser.GoAsync("/experiments/new");

            await browser.TestId("name").FillAsync("From the browser");
            await browser.TestId("factor-maskRatio").GetByTestId("add-level").FillAsync("0.6");
            await browser.Page.Keyboard.PressAsync("Enter");
            await browser.TestId("preview-runs").ShowsAsync("16");
            await browser.TestId("submit").ClickAsync();

            await browser.HasAddressAsync(new Regex("/experiments/[0-9a-f-]{36}$"));
            var command = await scheduler.NextAsync<SubmitExperiment>(Cancel);
            Assert.EndsWith(command.ExperimentId.ToString(), browser.Page.Url, StringComparison.Ordinal);
            Assert.Contains("\"maskRatio\":[0.5,0.75,0.9,0.6]", command.Definition, StringComparison.Ordinal);
            Assert.Empty(browser.Problems);
        }

        [Fact]
        public async Task What_the_scheduler_finds_wrong_stands_at_its_field()
        {
            var scheduler = await host.SchedulerAsync();
            scheduler.Errors = [new("base.epochs", "Not today.")];
            await using var browser = await chromium.OpenAsync(host.Door);
            await browser.GoAsync("/experiments/new");

            await browser.TestId("submit").ClickAsync();

            await browser.Page.Locator(".field", new() { Has = browser.TestId("base-epochs") }).GetByRole(AriaRole.Alert).ShowsAsync("Not today.");
            await scheduler.NextAsync<SubmitExperiment>(Cancel);
            scheduler.Errors = [];
            Assert.Empty(browser.Problems);
        }
    }

    /// <summary>With nobody on the bus.</summary>
    public sealed class Unanswered(PageHost host, Chromium chromium) : IClassFixture<PageHost>
    {
        [Fact]
        public async Task Without_a_scheduler_the_experiment_is_kept_in_the_queue()
        {
            await using var browser = await chromium.OpenAsync(host.Door);
            await browser.GoAsync("/experiments/new");

            await browser.TestId("submit").ClickAsync();

            await browser.TestId("empty-state").ShowsAsync("Kept in the queue");
            Assert.Empty(browser.Problems);
        }

        [Fact]
        public async Task On_a_telephone_the_button_is_in_reach_above_the_preview()
        {
            await using var browser = await chromium.OpenAsync(host.Door, 400, 800);
            await browser.GoAsync("/experiments/new");

            await browser.TestId("submit-bar").ShowsAsync("12 runs");
            await Assertions.Expect(browser.TestId("submit-bar")).ToBeInViewportAsync();
            await browser.TestId("submit-bar").GetByRole(AriaRole.Button).ClickAsync();

            await browser.TestId("empty-state").ShowsAsync("Kept in the queue");
            Assert.Empty(browser.Problems);
        }

        [Fact]
        public async Task Late_refusal_brings_back_the_form_with_what_is_wrong()
        {
            await using var browser = await chromium.OpenAsync(host.Door);
            await browser.GoAsync("/experiments/new");
            await browser.TestId("name").FillAsync("Typed with care");
            await browser.TestId("submit").ClickAsync();
            var future = await browser.Page.GetByRole(AriaRole.Link, new() { Name = "To its future page" }).GetAttributeAsync("href");

            await host.Services.GetRequiredService<IBus>().Publish(
                new ExperimentRejected(Guid.Parse(future!.Split('/')[^1]), [new("base.epochs", "Not today.")]), Cancel);

            await browser.Page.Locator(".field", new() { Has = browser.TestId("base-epochs") }).GetByRole(AriaRole.Alert).ShowsAsync("Not today.");
            Assert.Equal("Typed with care", await browser.TestId("name").InputValueAsync());
            Assert.Empty(browser.Problems);
        }

        [Fact]
        public async Task Wrong_field_keeps_from_submitting()
        {
            await using var browser = await chromium.OpenAsync(host.Door);
            await browser.GoAsync("/experiments/new");

            await browser.TestId("base-epochs").FillAsync("0");
            await browser.Page.Locator(".field-error").First.ShowsAsync("Epochs must be from 1");
            await browser.TestId("submit").ClickAsync();

            await browser.Page.Locator(".preview-side").GetByText("Some fields need a change first").WaitForAsync();
            Assert.EndsWith("/experiments/new", browser.Page.Url, StringComparison.Ordinal);
            Assert.Empty(browser.Problems);
        }
    }
}
