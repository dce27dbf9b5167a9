using MaeLab.Hosting.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MaeLab.Hosting.Telemetry;

public static class TelemetryRegistration
{
    private static readonly string[] s_untraced = ["/healthz", "/readyz", "/metrics", "/_blazor", "/_framework", "/_content", "/lib", "/css", "/js"];

    /// <summary>Metrics for Prometheus; traces by OTLP where OTEL_EXPORTER_OTLP_ENDPOINT says where to.</summary>
    /// <param name="service">As traces call it.</param>
    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        builder.Services.AddCheckedOptions<TelemetryOptions>(builder.Configuration, TelemetryOptions.Section);
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service))
            .WithMetrics(metrics => metrics
                .AddMeter(Instruments.MeterName, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "MassTransit")
                .AddPrometheusExporter());
        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.WithTracing(traces => traces
                .AddSource(RunTrace.SourceName, "MassTransit", "Npgsql")
                .AddAspNetCoreInstrumentation(requests => requests.Filter = context => !s_untraced.Any(path => context.Request.Path.StartsWithSegments(path)))
                .SetSampler(new ParentBasedSampler(new RootSampler()))
                .AddOtlpExporter());
        }

        return builder;
    }

    /// <summary><c>/metrics</c>, where the program has any.</summary>
    internal static void MapMetrics(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<MeterProvider>() is not { } metrics)
        {
            return;
        }

        var port = endpoints.ServiceProvider.GetRequiredService<IOptions<TelemetryOptions>>().Value.MetricsPort;
        endpoints.MapPrometheusScrapingEndpoint("/metrics", metrics, branch => branch.Use(OnlyOn(port)), optionsName: null).AllowAnonymous();
    }

    private static Func<HttpContext, RequestDelegate, Task> OnlyOn(int? port) => (context, next) =>
    {
        // Where it came in, not what its Host header says.
        if (port is null || context.Connection.LocalPort == port)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    };
}
