using Bunit;
using MaeLab.Contracts.Commands;
using MaeLab.Domain;
using MaeLab.Hosting.Bus;
using MaeLab.Storage;
using MaeLab.Testing.Databases;
using MaeLab.Web.Browser;
using MaeLab.Web.Features.Annotations;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.NewExperiment;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Runners;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Live;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Components;

/// <summary>The form with real planning over a real database; only the bus has nobody on it.</summary>
public sealed class NewExperimentTests(SqliteFiles databases) : DatabaseComponentTest(databases)
{
    protected override ValueTask AddServicesAsync()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:Provider"] = Database.Options.Provider.ToString(),
            ["Storage:ConnectionString"] = Database.Options.ConnectionString,
            ["Bus:Transport"] = nameof(BusTransport.InMemory),
        }).Build();
        Context.Services.AddMaeLabStorage(configuration);
        Context.Services.AddSingleton<IDbContextFactory<MaeLabDb>>(Watched);
        Context.Services.AddMaeLabBus(configuration);
        Context.Services.AddOptions<WebOptions>();
        Context.Services.AddPrerenderHandover();
        Context.Services.AddSingleton<LiveFeed>();
        Context.Services.AddSingleton<SubmissionAnswers>();
        Context.Services.AddSingleton<RunnerReader>();
        Context.Services.AddSingleton<ExperimentReader>();
        Context.Services.AddSingleton<AnnotationStore>();
        Context.Services.AddSingleton<RunReader>();
        Context.Services.AddSingleton<RunDetailReader>();
        Context.Services.AddSingleton<ExperimentPlanner>();
        Context.Services.AddSingleton<ExperimentSubmission>();
        Context.AddBunitPersistentComponentState();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Form_starts_with_an_experiment_that_can_be_queued()
    {
        var page = Render();

        Assert.Equal("12", page.Find("[data-testid=preview-runs]").TextContent);
        Assert.Contains("6 cells × 2 seeds", page.Find("[data-testid=preview]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".field-error"));
    }

    [Theory]
    [InlineData("encoder.heads", "5", "5 heads do not divide encoder width 64")]
    [InlineData("encoder.width", "66", "not divisible by 4")]
    [InlineData("decoder.heads", "3", "3 heads do not divide decoder width 32")]
    [InlineData("dataset.name", "imagenet", "There is no data set 'imagenet'")]
    [InlineData("dataset.limit", "9000", "more than the 8,000 training images")]
    [InlineData("epochs", "0", "Epochs must be from 1")]
    [InlineData("epochs", "1.5", "Epochs must be a whole number")]
    [InlineData("epochs", "", "Epochs must be a whole number")]
    [InlineData("batchSize", "9999", "more than the 8,000 training images")]
    [InlineData("baseLearningRate", "0", "Base learning rate must be greater than 0")]
    [InlineData("warmupEpochs", "10", "must end before the 10 epochs do")]
    [InlineData("weightDecay", "-1", "Weight decay must be from 0")]
    [InlineData("imageSize", "0", "Image size must be from 1")]
    public void Wrong_base_field_says_what_is_wrong_at_the_field(string field, string value, string message)
    {
        var page = Render();

        page.Find($"[data-testid='base-{field}']").Input(value);

        var input = page.Find($"[data-testid='base-{field}']");
        Assert.Equal("true", input.GetAttribute("aria-invalid"));
        Assert.Contains(message, input.ParentElement!.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("–", page.Find(".preview-head b").TextContent);
    }

    [Theory]
    [InlineData("patchSize", "5", "Patch size 5 does not divide image size 28")]
    [InlineData("maskRatio", "1", "Mask ratio must be greater than 0 and less than 1")]
    [InlineData("maskRatio", "0.99", "leaves 0 of 49 patches visible")]
    [InlineData("maskRatio", "0.75", "is already level 2")]
    [InlineData("maskRatio", "high", "Mask ratio must be a number")]
    [InlineData("seed", "-1", "Seed must be from 0")]
    public void Wrong_level_says_what_is_wrong_at_its_factor(string factor, string level, string message)
    {
        var page = Render();

        page.Find($"[data-testid='factor-{factor}'] [data-testid=add-level]").Input(level + ",");

        var messages = page.FindAll($"[data-testid='factor-{factor}'] [role=alert]").Select(alert => alert.TextContent);
        Assert.Contains(messages, text => text.Contains(message, StringComparison.Ordinal));
        Assert.NotEmpty(page.FindAll($"[data-testid='factor-{factor}'] .chip.wrong"));
    }

    [Fact]
    public void Too_many_runs_are_refused_in_the_form()
    {
        var page = Render();

        page.Find("[data-testid='factor-seed'] [data-testid=add-level]").Input(string.Join(',', Enumerable.Range(10, 2000)) + ",");

        Assert.Contains("at most 10,000 are allowed", page.Find("section:nth-of-type(2) > .field-error").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_name_is_refused_at_the_name()
    {
        var page = Render();

        page.Find("#name").Input("   ");

        Assert.NotNull(page.Find("#name + .field-error"));
    }

    [Fact]
    public void Another_field_can_become_a_factor()
    {
        var page = Render();

        page.Find("[data-testid=add-factor]").Change("decoder.depth");
        page.Find("[data-testid='factor-decoder.depth'] [aria-label='Add 2']").Click();

        Assert.Equal("24", page.Find("[data-testid=preview-runs]").TextContent);
        Assert.Equal("varied above", page.Find("#base-decoder-depth").GetAttribute("value"));
    }

    [Fact]
    public void One_factor_at_a_time_makes_a_star()
    {
        var page = Render();

        page.FindAll("[role=radiogroup][aria-label=Design] input")[1].Change(true);

        // The baseline, two more mask ratios, one more patch size; two seeds each.
        Assert.Equal("8", page.Find("[data-testid=preview-runs]").TextContent);
    }

    [Fact]
    public async Task Form_is_kept_when_the_database_does_not_answer()
    {
        var page = Render();
        page.Find("#name").Input("Typed with care");
        Watched.Before = () => throw new TimeoutException("The database is away.");

        await page.Find("[data-testid=submit]").ClickAsync();

        Assert.Contains("The database does not answer, so nothing was submitted.", page.Find(".preview-side [role=status]").TextContent, StringComparison.Ordinal);
        Assert.Equal("Typed with care", page.Find("#name").GetAttribute("value"));
        Assert.False(Context.Renderer.UnhandledException.IsCompleted);
    }

    [Fact]
    public async Task What_the_scheduler_refused_stays_at_its_field_until_the_form_changes()
    {
        await RefuseAsync(new FieldError("base.epochs", "Not today."));
        var page = Render();
        await page.Find("[data-testid=submit]").ClickAsync();
        await page.WaitForAssertionAsync(() => Assert.Contains("Not today.", page.Markup, StringComparison.Ordinal), Patience);
        var opened = Watched.Opened;

        Context.Services.GetRequiredService<LiveFeed>().Publish(new(Runners: true));
        // Data sets, then the rates of the runners.
        await page.WaitForStateAsync(() => Watched.Opened >= opened + 2, Patience);
        await page.InvokeAsync(() => Task.CompletedTask);

        Assert.Contains("Not today.", page.Markup, StringComparison.Ordinal);
        page.Find("#name").Input("Another");
        Assert.DoesNotContain("Not today.", page.Markup, StringComparison.Ordinal);
    }

    /// <summary>A scheduler that refuses all it hears of.</summary>
    private async Task RefuseAsync(FieldError error)
    {
        var bus = Context.Services.GetRequiredService<IBusControl>();
        var answers = Context.Services.GetRequiredService<SubmissionAnswers>();
        await bus.StartAsync(Cancel);
        await bus.ConnectReceiveEndpoint("refusing-scheduler", endpoint => endpoint.Handler<SubmitExperiment>(context =>
        {
            answers.Answer(context.Message.ExperimentId, new(false, [error]));
            return Task.CompletedTask;
        })).Ready;
    }

    private IRenderedComponent<NewExperimentPage> Render()
    {
        var page = Context.Render<NewExperimentPage>();
        page.WaitForElement("[data-testid=preview]", Patience);
        return page;
    }
}
