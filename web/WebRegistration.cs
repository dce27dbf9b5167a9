using MaeLab.Contracts;
using MaeLab.Contracts.Commands;
using MaeLab.Hosting.Bus;
using MaeLab.Hosting.Health;
using MaeLab.Hosting.Options;
using MaeLab.Hosting.Startup;
using MaeLab.Storage;
using MaeLab.Web.Access;
using MaeLab.Web.Api;
using MaeLab.Web.Browser;
using MaeLab.Web.Features.Annotations;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Features.Experiment.Explore;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.Gallery;
using MaeLab.Web.Features.NewExperiment;
using MaeLab.Web.Features.Report;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.RunDiff;
using MaeLab.Web.Features.Runners;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Features.Theory;
using MaeLab.Web.Features.Views;
using MaeLab.Web.Features.Webhooks;
using MaeLab.Web.Live;
using MassTransit;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MudBlazor.Services;

namespace MaeLab.Web;

/// <summary>The web service as a part: its own host and the one-process host compose it with the same three calls.</summary>
public static class WebRegistration
{
    public static WebApplicationBuilder AddMaeLabWeb(this WebApplicationBuilder builder)
    {
        // Pages, scripts and styles of a plain build lie in several folders; without this only Development finds them.
        builder.WebHost.UseStaticWebAssets();
        // Whatever is sent here is a definition or a form; archives come in by the command line.
        builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = RequestBody.MaxBytes);

        var services = builder.Services;
        services.AddCheckedOptions<WebOptions>(builder.Configuration, WebOptions.Section);
        services.AddSingleton<IValidateOptions<WebOptions>, ListeningCheck>();
        services.AddMaeLabStorage(builder.Configuration);
        services.AddStartupProbe("the database schema, which the scheduler brings up to date", StorageRegistration.IsMigratedAsync, ends: error => error is NewerDatabaseException);
        services.AddReadinessCheck("database", StorageRegistration.ProblemAsync);
        services.TryAddSingleton(TimeProvider.System);

        services.AddSingleton<LiveFeed>();
        services.AddSingleton<LivePoints>();
        services.AddSingleton<SubmissionAnswers>();
        services.AddSingleton<RunReader>();
        services.AddSingleton<RunColumnReader>();
        services.AddSingleton<RunGroupReader>();
        services.AddSingleton<DifferingFields>();
        services.AddSingleton<RunTableReader>();
        services.AddSingleton<RunDiffReader>();
        services.AddSingleton<AnnotationStore>();
        services.AddSingleton<SavedViewStore>();
        services.AddSingleton<WebhookStore>();
        services.AddSingleton<RunDetailReader>();
        services.AddSingleton<GalleryReader>();
        services.AddSingleton<RunControl>();
        services.AddSingleton<FailedMessageControl>();
        services.AddSingleton<RunBulk>();
        services.AddSingleton<QueueControl>();
        services.AddSingleton<TheoryControl>();
        services.AddSingleton<TheoryJobReader>();
        services.AddSingleton<RunnerReader>();
        services.AddSingleton<ExperimentReader>();
        services.AddSingleton<ExperimentCards>();
        services.AddSingleton<MatrixReader>();
        services.AddSingleton<RunValueReader>();
        services.AddSingleton<RunCostReader>();
        services.AddSingleton<ResultReader>();
        services.AddSingleton<CloudReader>();
        services.AddSingleton<ExperimentViewReader>();
        services.AddSingleton<TheoryResults>();
        services.AddSingleton<TheoryReader>();
        services.AddSingleton<ReportReader>();
        services.AddSingleton<ReportFile>();
        services.AddSingleton<ExperimentPlanner>();
        services.AddSingleton<ExperimentSubmission>();

        services.AddMaeLabApi();
        services.AddPrerenderHandover();
        services.AddMudServices();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMaeLabAccess(builder.Configuration);
        return builder;
    }

    /// <summary>What web listens to and what it sends.</summary>
    public static void Contribute(IBusRegistrationConfigurator bus)
    {
        bus.AddTemporaryConsumer<HintConsumer>($"web-{Guid.CreateVersion7():N}");
        bus.PublishesDurably<SubmitExperiment>(QueueNames.SchedulerCommands);
        bus.PublishesDurably<ControlRun>(QueueNames.SchedulerCommands);
        bus.PublishesDurably<ChangeExperiment>(QueueNames.SchedulerCommands);
        bus.PublishesDurably<PrioritizeRuns>(QueueNames.SchedulerCommands);
        bus.PublishesDurably<MoveRuns>(QueueNames.SchedulerCommands);
        bus.PublishesDurably<DeleteRuns>(QueueNames.SchedulerCommands);
        bus.PublishesDurably<RestoreRuns>(QueueNames.SchedulerCommands);
        bus.PublishesDurably<RequestTheory>(QueueNames.SchedulerCommands);
        bus.PublishesDurably<QueueCell>(QueueNames.SchedulerCommands);
        bus.ShowsFailuresOf(QueueNames.SchedulerCommands);
    }

    public static WebApplication MapMaeLabWeb(this WebApplication app)
    {
        app.UseHsts();
        app.UseSecurityHeaders();
        app.UseStatusCodePagesWithReExecute("/not-found", "?status={0}", createScopeForStatusCodePages: true);
        // The page that tells why is a page to read, also where a form was sent.
        app.Use((context, next) =>
        {
            context.Request.Method = context.Features.Get<IStatusCodeReExecuteFeature>() is null ? context.Request.Method : HttpMethods.Get;
            return next(context);
        });
        app.UseMaeLabApi();
        app.UseNulGate();
        app.UseOriginGate();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseAntiforgery();
        // Scripts, styles and pictures of the product itself: the page for signing in needs them.
        app.MapStaticAssets().AllowAnonymous();
        app.MapMaeLabAccess();
        app.MapMaeLabApi();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }
}
