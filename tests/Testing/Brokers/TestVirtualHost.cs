using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Xunit;

namespace MaeLab.Testing.Brokers;

public sealed record QueueOnBroker(string Name, bool Durable, [property: JsonPropertyName("auto_delete")] bool AutoDelete, string? Type);

/// <summary>A virtual host of one test class's own, gone when disposed.</summary>
public sealed class TestVirtualHost(string name, Uri address, HttpClient api) : IAsyncDisposable
{
    /// <summary>What a service would have as <c>Bus:Uri</c>.</summary>
    public Uri Address { get; } = address;

    public string Name { get; } = name;

    /// <summary>The management API of its broker.</summary>
    public Uri Management => api.BaseAddress!;

    /// <summary>The queues as the broker sees them.</summary>
    public async Task<IReadOnlyList<QueueOnBroker>> ListQueuesAsync(CancellationToken cancellationToken) =>
        await api.GetFromJsonAsync<QueueOnBroker[]>($"queues/{Name}", cancellationToken) ?? [];

    /// <summary>Says something as it was said before: bytes, not a message of today's types.</summary>
    public async Task PublishAsync(string exchange, string contentType, string payload, CancellationToken cancellationToken)
    {
        var body = new { properties = new { content_type = contentType }, routing_key = "", payload, payload_encoding = "string" };
        using var response = await api.PostAsJsonAsync($"exchanges/{Name}/{Uri.EscapeDataString(exchange)}/publish", body, cancellationToken);
        response.EnsureSuccessStatusCode();
        Assert.Equal("""{"routed":true}""", await response.Content.ReadAsStringAsync(cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        using var response = await api.DeleteAsync(new Uri($"vhosts/{Name}", UriKind.Relative));
        response.EnsureSuccessStatusCode();
    }
}
