using System.Net;
using System.Net.Sockets;

namespace MaeLab.Testing.Brokers;

/// <summary>
/// Stands between services and their broker. <see cref="Stall"/> is a broker that is stopped: connections stay, nothing comes through;
/// <see cref="Cut"/> one that is gone: connections end and new ones with them. <see cref="Open"/> lets all through again.
/// </summary>
public sealed class BrokerGate : IAsyncDisposable
{
    private readonly Uri _broker;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _lock = new();
    private readonly List<TcpClient> _clients = [];
    private TaskCompletionSource _flows = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _cut;

    public BrokerGate(Uri broker)
    {
        _broker = broker;
        _flows.SetResult();
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>What a service would have as <c>Bus:Uri</c>.</summary>
    public Uri Address => new UriBuilder(_broker) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;

    public void Stall()
    {
        lock (_lock)
        {
            _flows = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Cut()
    {
        lock (_lock)
        {
            _cut = true;
            _clients.ForEach(client => client.Dispose());
            _clients.Clear();
        }
    }

    public void Open()
    {
        lock (_lock)
        {
            _cut = false;
            _flows.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        Open();
        Cut();
        _listener.Dispose();
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync(_ended.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return; // the test is over
            }

            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        var server = new TcpClient();
        lock (_lock)
        {
            if (_cut)
            {
                client.Dispose();
                return;
            }

            _clients.Add(client);
            _clients.Add(server);
        }

        try
        {
            await server.ConnectAsync(_broker.Host, _broker.Port, _ended.Token);
            await Task.WhenAny(PassAsync(client, server), PassAsync(server, client));
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or one side has left.
        }
        finally
        {
            client.Dispose();
            server.Dispose();
        }
    }

    private async Task PassAsync(TcpClient from, TcpClient to)
    {
        var buffer = new byte[16 << 10];
        var (source, sink) = (from.GetStream(), to.GetStream());
        while (await source.ReadAsync(buffer, _ended.Token) is > 0 and var count)
        {
            await _flows.Task;
            await sink.WriteAsync(buffer.AsMemory(0, count), _ended.Token);
        }
    }
}
