using MaeLab.Hosting.Options;

namespace MaeLab.Hosting.Bus;

public enum BusTransport
{
    RabbitMq,

    /// <summary>Within this process only: the one-process product and tests.</summary>
    InMemory,
}

/// <summary>Configuration section <c>Bus</c>.</summary>
public sealed class BusOptions : ICheckedOptions
{
    public const string Section = "Bus";

    public BusTransport Transport { get; set; } = BusTransport.RabbitMq;

    /// <summary><c>amqp://user:password@host:port/virtual-host</c></summary>
    public string Uri { get; set; } = "amqp://guest:guest@localhost:5672/";

    /// <summary>
    /// Of a cluster all nodes, <c>host:port</c> with commas between them, the port where it is not that of <see cref="Uri"/>; they take the place of its host.
    /// One that is away is passed by. Empty: the host of <see cref="Uri"/> is the one node.
    /// </summary>
    public string Nodes { get; set; } = "";

    /// <summary>Never empty.</summary>
    internal IReadOnlyList<(string Host, int Port)> Addresses
    {
        get
        {
            var uri = new Uri(Uri);
            var port = uri.Port > 0 ? uri.Port : IsSecure(uri) ? 5671 : 5672;
            return Nodes.Length == 0
                ? [(uri.Host, port)]
                : [.. Split(Nodes).Select(node => new Uri($"amqp://{node}")).Select(node => (node.Host, node.Port > 0 ? node.Port : port))];
        }
    }

    internal static bool IsSecure(Uri uri) => uri.Scheme is "amqps" or "rabbitmqs";

    public IEnumerable<OptionProblem> Check()
    {
        if (Transport == BusTransport.RabbitMq && !Split(Nodes).All(IsNode))
        {
            // Not repeated either.
            yield return new(nameof(Nodes), "are no nodes of a cluster; write host:5672,host:5672,host:5672, and the user into Uri.");
        }

        if (Transport == BusTransport.RabbitMq
            && !(System.Uri.TryCreate(Uri, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" or "rabbitmq" or "rabbitmqs"))
        {
            // Not repeated: it may hold a password, and what is wrong with settings is printed.
            yield return new(nameof(Uri), "is not the address of a RabbitMQ broker; write amqp://user:password@host:5672/virtual-host.");
        }
    }

    private static bool IsNode(string node) =>
        System.Uri.TryCreate($"amqp://{node}", UriKind.Absolute, out var uri) && string.Equals(uri.Authority, node, StringComparison.OrdinalIgnoreCase);

    private static string[] Split(string nodes) => nodes.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
