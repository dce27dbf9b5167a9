using System.Text.Json;
using System.Text.Json.Serialization;
using MaeLab.Web.Access;
using Microsoft.AspNetCore.Authorization;

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
            .AddMaeLabOpenApi();

    /// <summary>Before whatever may refuse a request.</summary>
    public static void UseMaeLabApi(this WebApplication app) =>
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api"), api => api.UseProblems());

    public static void MapMaeLabApi(this WebApplication app)
    {
        var root = app.MapGroup(Root).AddEndpointFilter(app.Services.GetRequiredService<ReadOnlyMode>());
        // Whoever is signed in may read; what is no GET takes more, unless the endpoint says otherwise.
        ((IEndpointConventionBuilder)root).Finally(endpoint =>
        {
            if (!endpoint.Metadata.OfType<IAuthorizeData>().Any() && endpoint.Metadata.OfType<HttpMethodMetadata>().Any(allowed => !allowed.HttpMethods.All(HttpMethods.IsGet)))
            {
                endpoint.Metadata.Add(new AuthorizeAttribute(Policies.Researcher));
            }
        });
        root.MapExperiments();
        root.MapQueue();
        root.MapCells();
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
        root.MapAudit();
        root.MapWebhooks();
        root.MapUsers();
        root.MapTokens();
        app.MapOpenApi();
    }
}
