using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace MaeLab.Messaging.Tests.Runner;

/// <summary>A web server of one test with files in memory; it can be told to cut connections.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private CutStream? _waiting;

    public FileServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/{name}", ServeAsync);
    }

    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Says which version of a file it is; null: says nothing of the kind.</summary>
    public string? Tag { get; set; } = "\"1\"";

    public bool KnowsRanges { get; set; } = true;

    /// <summary>
    /// After so many bytes of an answer the connection is cut, for the next so many answers. Not before they have arrived, of which the
    /// test tells by <see cref="Arrived"/>: a reset connection loses what is under way.
    /// </summary>
    public (int Bytes, int Times) Cut { get; set; }

    /// <summary>The header Range of every request; empty where there was none.</summary>
    public List<string> Ranges { get; } = [];

    /// <param name="bytes">Of the file, from its beginning.</param>
    public void Arrived(long bytes) => _waiting?.Arrived(bytes);

    public Uri Address => new(_app.Urls.Single() + "/");

    public async Task<FileServer> StartAsync()
    {
        await _app.StartAsync(TestContext.Current.CancellationToken);
        return this;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context, string name)
    {
        Ranges.Add(context.Request.Headers.Range.ToString());
        if (!Files.TryGetValue(name, out var content))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (Cut.Times > 0)
        {
            Cut = (Cut.Bytes, Cut.Times - 1);
            var from = context.Request.GetTypedHeaders().Range?.Ranges.Single().From ?? 0;
            context.Response.Body = _waiting = new CutStream(context, Cut.Bytes, from + Cut.Bytes);
        }

        if (!KnowsRanges)
        {
            context.Request.Headers.Remove(HeaderNames.Range);
        }

        await Results.Bytes(content, entityTag: Tag is null ? null : EntityTagHeaderValue.Parse(Tag), enableRangeProcessing: KnowsRanges).ExecuteAsync(context);
    }

    /// <summary>Lets so many bytes through and then resets the connection.</summary>
    private sealed class CutStream(HttpContext context, int left, long end) : MemoryStream
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Stream _body = context.Response.Body;
        private int _left = left;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var part = buffer[..Math.Min(_left, buffer.Length)];
            await _body.WriteAsync(part, cancellationToken);
            await _body.FlushAsync(cancellationToken);
            _left -= part.Length;
            if (_left == 0)
            {
                await (part.IsEmpty ? Task.CompletedTask : _arrived.Task.WaitAsync(cancellationToken));
                context.Abort();
            }
        }

        public void Arrived(long bytes)
        {
            if (bytes == end)
            {
                _arrived.TrySetResult();
            }
        }
    }
}
