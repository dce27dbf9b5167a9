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

    public IEnumerable<OptionProblem> Check()
    {
        if (Transport == BusTransport.RabbitMq
            && !(System.Uri.TryCreate(Uri, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" or "rabbitmq" or "rabbitmqs"))
        {
            // Not repeated: it may hold a password, and what is wrong with settings is printed.
            yield return new(nameof(Uri), "is not the address of a RabbitMQ broker; write amqp://user:password@host:5672/virtual-host.");
        }
    }
}
