using System.Text.Json;
using System.Text.Json.Serialization;
using MassTransit;

namespace MaeLab.Web.Api;

/// <summary>The REST API, version 1: the same services as the pages, problem+json for everything that goes wrong.</summary>
public static class ApiRegistration
{
    public const string Root = "/api/v1";

    public static IServiceCollection AddMaeLabApi(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(json =>
            {
                json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
                // Otherwise the document says of every number that it may be a text.
                json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            })
            .AddProblemDetails()
            .AddSingleton<ReadOnlyMode>()
            .AddPublishObserver<ReadOnlyMode>()
            .AddMaeLabOpenApi();

    public static void MapMaeLabApi(this WebApplication app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api"), api => api.UseProblems());
        var root = app.MapGroup(Root).AddEndpointFilter(app.Services.GetRequiredService<ReadOnlyMode>());
        root.MapExperiments();
        root.MapQueue();
        root.MapArchives();
        root.MapMatrix();
        root.MapComparisons();
        root.MapReport();
        root.MapRuns();
        root.MapDeletion();
        root.MapAnnotations();
        root.MapViews();
        root.MapMetrics();
        root.MapMetricExport();
        root.MapCheckpoints();
        root.MapTheory();
        root.MapImages();
        root.MapReconstructions();
        root.MapClassifications();
        root.MapLogs();
        root.MapRunners();
        root.MapFailedMessages();
        app.MapOpenApi();
    }
}
