using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace MaeLab.System.Tests.Observability;

/// <param name="Source">Who made it: <c>MassTransit</c>, <c>Npgsql</c>, <c>MaeLab</c>.</param>
/// <param name="Trace">Id of its trace, in hexadecimal.</param>
internal sealed record CollectedSpan(string Service, string Source, string Name, string Trace, IReadOnlyDictionary<string, string> Tags);

/// <summary>Takes traces by OTLP over HTTP, as Jaeger or a collector would, and reads of the protocol buffers what tests ask for.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<CollectedSpan> _spans = [];

    public OtlpCollector(int port)
    {
        Address = new($"http://127.0.0.1:{port}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address.ToString());
        _app = builder.Build();
        _app.MapPost("/v1/traces", async request =>
        {
            using var body = new MemoryStream();
            await request.Request.Body.CopyToAsync(body, request.RequestAborted);
            ReadRequest(body.ToArray());
        });
    }

    public Uri Address { get; }

    public IReadOnlyCollection<CollectedSpan> Spans => _spans;

    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // Field numbers of opentelemetry/proto/collector/trace/v1 and trace/v1.
    private void ReadRequest(byte[] request)
    {
        foreach (var resourceSpans in Fields(request)[1])
        {
            var fields = Fields(resourceSpans);
            var service = Tags(Fields(fields[1].Single())[1])["service.name"];
            foreach (var scope in fields[2].Select(Fields))
            {
                var source = Text(Fields(scope[1].Single())[1].Single());
                foreach (var span in scope[2].Select(Fields))
                {
                    _spans.Enqueue(new(service, source, Text(span[5].Single()), Convert.ToHexStringLower(span[1].Single()), Tags(span[9])));
                }
            }
        }
    }

    /// <summary>Of KeyValue messages, those with a text.</summary>
    private static Dictionary<string, string> Tags(IEnumerable<byte[]> keyValues) => keyValues.Select(Fields)
        .Where(pair => pair[2].Any())
        .ToDictionary(pair => Text(pair[1].Single()), pair => string.Concat(Fields(pair[2].Single())[1].Select(Text)));

    private static string Text(byte[] bytes) => global::System.Text.Encoding.UTF8.GetString(bytes);

    /// <summary>The fields of a message that are messages, texts or bytes themselves, by number.</summary>
    private static ILookup<int, byte[]> Fields(byte[] message)
    {
        var (input, fields) = (new CodedInputStream(message), new List<(int Number, byte[] Content)>());
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                fields.Add((WireFormat.GetTagFieldNumber(tag), input.ReadBytes().ToByteArray()));
            }
            else
            {
                input.SkipLastField();
            }
        }

        return fields.ToLookup(field => field.Number, field => field.Content);
    }
}
