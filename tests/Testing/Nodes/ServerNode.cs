using System.Globalization;
using MaeLab.Testing.Faults;

namespace MaeLab.Testing.Nodes;

/// <summary>A throw-away server of our own, by one of the scripts beside this file. It ends with this process at the latest.</summary>
public sealed class ServerNode : IVictim, IAsyncDisposable
{
    private readonly string _script;
    private readonly string _folder;

    private ServerNode(string script, string folder, int port) => (_script, _folder, Port) = (script, folder, port);

    public string Name => _script.Split('-')[0];

    /// <summary>The first of its ports.</summary>
    public int Port { get; }

    private static string Owner => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    private string PortText => Port.ToString(CultureInfo.InvariantCulture);

    /// <returns>Of the two one: the node, or what to tell about a server that is not installed.</returns>
    public static async Task<(ServerNode? Node, string? Missing)> StartAsync(string script, int ports, CancellationToken cancellationToken)
    {
        var node = Create(script, ports);
        var missing = await NodeScript.RunAsync(script, ["start", node._folder, node.PortText, Owner], cancellationToken);
        return missing is null ? (node, null) : (null, missing);
    }

    /// <summary>A PostgreSQL server that has what this one has, and follows it.</summary>
    public Task<ServerNode> StartStandbyAsync(CancellationToken cancellationToken) => StartBesideAsync("standby", ports: 1, cancellationToken);

    /// <summary>Another RabbitMQ node of this one's cluster.</summary>
    public Task<ServerNode> StartMemberAsync(CancellationToken cancellationToken) => StartBesideAsync("join", ports: 4, cancellationToken);

    /// <summary>A PostgreSQL server that is dead comes back as a standby of another, without what it had.</summary>
    public Task FollowAsync(ServerNode primary) => NodeScript.RunAsync(_script, ["standby", _folder, PortText, primary._folder], CancellationToken.None);

    /// <summary>A standby of PostgreSQL becomes a primary.</summary>
    public Task PromoteAsync() => AskAsync("promote");

    /// <returns>What the script prints for a question about this node, for example <c>queues</c>.</returns>
    public Task<string> AskAsync(string question) => NodeScript.ReadAsync(_script, [question, _folder], CancellationToken.None);

    public async Task KillAsync() => await Signals.SendAsync(Signals.Kill, await ProcessIdsAsync());

    /// <summary>Of its processes, the one that started the others first.</summary>
    public async Task<IEnumerable<int>> ProcessIdsAsync() =>
        (await AskAsync("pids")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture));

    public Task StopAsync() => AskAsync("halt");

    public Task StartAsync() => AskAsync("resume");

    public async Task FreezeAsync()
    {
        // The first starts the others: once it stands still there are no new ones, and the second round has them all.
        await Signals.SendAsync(Signals.Stop, await ProcessIdsAsync());
        await Signals.SendAsync(Signals.Stop, await ProcessIdsAsync());
    }

    public async Task ThawAsync() => await Signals.SendAsync(Signals.Continue, await ProcessIdsAsync());

    public async ValueTask DisposeAsync() => await AskAsync("stop");

    private async Task<ServerNode> StartBesideAsync(string how, int ports, CancellationToken cancellationToken)
    {
        var other = Create(_script, ports);
        await NodeScript.RunAsync(_script, [how, other._folder, other.PortText, _folder, Owner], cancellationToken);
        return other;
    }

    private static ServerNode Create(string script, int ports) => new(script, Directory.CreateTempSubdirectory("maelab-node-").FullName, FreePorts.Find(ports));
}
