using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit;
using RabbitMQ.Client;

namespace MaeLab.Hosting.Bus;

/// <summary>What MassTransit says in headers and envelope of a message it could not deliver.</summary>
internal static class FailedMessageReader
{
    private const string FaultPrefix = "MT-Fault-";

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static FailedMessage Read(BasicGetResult message)
    {
        var headers = message.BasicProperties.Headers ?? new Dictionary<string, object?>();
        string? Header(string name) => headers.TryGetValue(name, out var value) ? value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : value?.ToString() : null;
        var (type, body) = ReadBody(message.Body.Span);
        var exception = Header(MessageHeaders.FaultExceptionType);
        return new(
            message.BasicProperties.MessageId ?? Convert.ToHexStringLower(SHA256.HashData(message.Body.Span)),
            type,
            ShortName(Header(MessageHeaders.FaultConsumerType)),
            exception is null ? null : $"{ShortName(exception)}: {Header(MessageHeaders.FaultMessage)}",
            DateTimeOffset.TryParse(Header(MessageHeaders.FaultTimestamp), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null,
            body);
    }

    /// <summary>As it was before it failed.</summary>
    public static BasicProperties WithoutFault(IReadOnlyBasicProperties properties)
    {
        var headers = (properties.Headers ?? new Dictionary<string, object?>())
            .Where(header => !header.Key.StartsWith(FaultPrefix, StringComparison.Ordinal) && header.Key != MessageHeaders.Reason)
            .ToDictionary();
        return new(properties) { Headers = headers };
    }

    /// <summary>The message within MassTransit's envelope; the whole where it is none.</summary>
    private static (string Type, string Body) ReadBody(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var envelope = JsonNode.Parse(bytes);
            var type = envelope?["messageType"]?[0]?.GetValue<string>();
            return (ShortName(type) ?? "unknown", (envelope?["message"] ?? envelope)?.ToJsonString(s_indented) ?? "null");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return ("unknown", Encoding.UTF8.GetString(bytes));
        }
    }

    private static string? ShortName(string? name) => name?[(name.LastIndexOfAny(['.', ':']) + 1)..];
}
