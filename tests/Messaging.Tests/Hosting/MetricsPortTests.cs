using System.Net;
using MaeLab.Hosting;
using MaeLab.Hosting.Telemetry;
using MaeLab.Testing.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MaeLab.Messaging.Tests.Hosting;

public sealed class MetricsPortTests
{
    private readonly int _port = FreePorts.Find(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string People => $"http://127.0.0.1:{_port}";

    private string Operators => $"http://127.0.0.1:{_port + 1}";

    [Theory]
    [InlineData(true, HttpStatusCode.NotFound)]
    [InlineData(false, HttpStatusCode.OK)]
    public async Task Metrics_answer_on_their_port_alone_where_they_have_one(bool have, HttpStatusCode toPeople)
    {
        var builder = WebApplication.CreateBuilder([.. have ? [$"--Telemetry:MetricsPort={_port + 1}"] : Array.Empty<string>()]);
        builder.WebHost.UseUrls(People, Operators);
        builder.Logging.ClearProviders();
        builder.Services.AddHealthChecks();
        var app = builder.AddTelemetry("test").Build();
        var started = new TaskCompletionSource();
        app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(started.SetResult);
        var running = app.RunServiceAsync();
        await await Task.WhenAny(started.Task, running);

        Assert.Equal(HttpStatusCode.OK, await AskAsync(Operators, host: null));
        Assert.Equal(toPeople, await AskAsync(People, host: null));
        Assert.Equal(toPeople, await AskAsync(People, host: new Uri(Operators).Authority));

        app.Lifetime.StopApplication();
        Assert.Equal(0, await running);
    }

    private static async Task<HttpStatusCode> AskAsync(string address, string? host)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Host = host;
        using var answer = await http.GetAsync(new Uri($"{address}/metrics"), Cancel);
        return answer.StatusCode;
    }
}
