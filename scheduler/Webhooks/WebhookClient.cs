using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace MaeLab.Scheduler.Webhooks;

/// <summary>
/// Sends one delivery. Follows no redirect, keeps no cookie, knows no proxy and reads no answer beyond its status. Where it may reach is
/// checked on the very address that it connects to: a name that leads elsewhere the second time gains nothing.
/// </summary>
public sealed class WebhookClient : IDisposable
{
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public WebhookClient(IOptions<WebhookOptions> options, TimeProvider time)
    {
        (_options, _time) = (options.Value, time);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = ConnectAsync,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <returns>Why it failed; null where the receiver took it.</returns>
    public async Task<string?> SendAsync(string url, string secret, Guid delivery, string @event, string payload, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_options.Timeout);
        try
        {
            using var request = Request(url, secret, delivery, @event, payload);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return answer.IsSuccessStatusCode ? null : $"The receiver answered {(int)answer.StatusCode}.";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"The receiver did not answer within {_options.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.";
        }
        catch (HttpRequestException error)
        {
            return error.GetBaseException().Message;
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(string url, string secret, Guid delivery, string @event, string payload)
    {
        var body = Encoding.UTF8.GetBytes(payload);
        var at = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            Headers =
            {
                { "User-Agent", "MaeLab" },
                { "X-MaeLab-Event", @event },
                { "X-MaeLab-Delivery", $"{delivery}" },
                { "X-MaeLab-Timestamp", at },
                { "X-MaeLab-Signature", Signature(secret, at, body) },
            },
        };
    }

    /// <summary>HMAC-SHA256 by the secret over the time, a dot and the body: an old delivery cannot be passed off as a new one.</summary>
    private static string Signature(string secret, string at, byte[] body)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes(at), (byte)'.', .. body];
        return $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        var allowed = addresses.Where(address => _options.AllowPrivateAddresses || PublicAddress.Is(address)).ToArray();
        if (allowed.Length == 0)
        {
            throw new HttpRequestException(
                $"{context.DnsEndPoint.Host} is an address of this machine or its network, which webhooks do not reach; the setting "
                + $"{WebhookOptions.Section}:{nameof(WebhookOptions.AllowPrivateAddresses)} of the scheduler allows that.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
