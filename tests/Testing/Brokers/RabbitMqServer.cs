using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using MaeLab.Testing.Nodes;

namespace MaeLab.Testing.Brokers;

/// <summary>
/// One RabbitMQ broker for the tests of an assembly: <c>[assembly: AssemblyFixture(typeof(RabbitMqServer))]</c>. It is the one
/// of <c>MAELAB_TEST_RABBITMQ</c>, or else a throw-away node, started when the first test asks and removed at the end.
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    /// <summary>Environment variable: <c>amqp://user:password@host:port/</c> of a broker with the management plugin.</summary>
    public const string Variable = "MAELAB_TEST_RABBITMQ";

    /// <summary>Environment variable: address of its management API; by default port 15672 of the same host.</summary>
    public const string ApiVariable = "MAELAB_TEST_RABBITMQ_API";

    private readonly SemaphoreSlim _starting = new(1);
    private readonly HttpClient _api = new();
    private ServerNode? _node;
    private Uri? _broker;
    private string? _missing;

    /// <summary>Ours; null before the first test has asked, and where the variable names another.</summary>
    public ServerNode? Node => _node;

    /// <summary>A virtual host of the caller's own: nothing said in it is heard outside.</summary>
    public async Task<TestVirtualHost> CreateVirtualHostAsync(CancellationToken cancellationToken)
    {
        await EnsureStartedAsync(cancellationToken);
        var name = $"maelab-test-{Guid.NewGuid():n}";
        await PutAsync($"vhosts/{name}", new { }, cancellationToken);
        var user = Uri.UnescapeDataString(_broker!.UserInfo.Split(':')[0]);
        await PutAsync($"permissions/{name}/{Uri.EscapeDataString(user)}", new { configure = ".*", write = ".*", read = ".*" }, cancellationToken);
        return new TestVirtualHost(name, new Uri(_broker, $"/{name}"), _api);
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        _api.Dispose();
        _starting.Dispose();
    }

    private async Task PutAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var response = await _api.PutAsJsonAsync(path, body, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private async Task EnsureStartedAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (_broker is null && _missing is null)
            {
                await StartAsync(cancellationToken);
            }
        }
        finally
        {
            _starting.Release();
        }

        if (_missing is not null)
        {
            Prerequisite.Missing($"{_missing.Trim()} Install RabbitMQ (apt-get install rabbitmq-server) or set {Variable}.");
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var server = Environment.GetEnvironmentVariable(Variable);
        var api = Environment.GetEnvironmentVariable(ApiVariable);
        if (string.IsNullOrEmpty(server))
        {
            (_node, _missing) = await ServerNode.StartAsync(NodeScript.RabbitMq, ports: 4, cancellationToken);
            if (_node is null)
            {
                return;
            }

            server = $"amqp://guest:guest@127.0.0.1:{_node.Port}/";
            api = $"http://127.0.0.1:{_node.Port + 3}/";
        }

        _broker = new Uri(server);
        _api.BaseAddress = new Uri(new Uri(string.IsNullOrEmpty(api) ? $"http://{_broker.Host}:15672/" : api), "/api/");
        _api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(_broker.UserInfo))));
    }
}
