using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MaeLab.Messaging.Tests.Webhooks;

/// <summary>What a receiver was sent.</summary>
internal sealed record ReceivedCall(string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Delivery => Headers["X-MaeLab-Delivery"];

    /// <summary>As the API describes it.</summary>
    public bool IsSignedBy(string secret)
    {
        var signed = $"{Headers["X-MaeLab-Timestamp"]}.{Body}";
        return Headers["X-MaeLab-Signature"] == "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed)));
    }
}

/// <summary>Somebody else's web server, which is told of runs.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<ReceivedCall> _calls = Channel.CreateUnbounded<ReceivedCall>();

    public Receiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    /// <summary>What it answers next; once there are none, 204.</summary>
    public Queue<HttpStatusCode> Answers { get; } = [];

    /// <summary>What it answers all the time; null: see <see cref="Answers"/>.</summary>
    public HttpStatusCode? Always { get; set; }

    public Uri Address => new(_app.Urls.Single());

    public async Task<Receiver> StartAsync()
    {
        await _app.StartAsync(TestContext.Current.CancellationToken);
        return this;
    }

    public async Task<ReceivedCall> NextAsync() =>
        await _calls.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    /// <summary>Nothing came that was not read.</summary>
    public bool IsQuiet => !_calls.Reader.TryPeek(out _);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var answer = Always ?? (Answers.TryDequeue(out var next) ? next : HttpStatusCode.NoContent);
        context.Response.StatusCode = (int)answer;
        if (answer == HttpStatusCode.Found)
        {
            context.Response.Headers.Location = "/elsewhere";
        }

        await _calls.Writer.WriteAsync(new(context.Request.Path, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()), body));
    }
}
