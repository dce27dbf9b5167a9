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

    /// <returns>Of the two one: the node, or what to tell about a server that is not installed.</returns>
    public static async Task<(ServerNode? Node, string? Missing)> StartAsync(string script, int ports, CancellationToken cancellationToken)
    {
        var node = new ServerNode(script, Directory.CreateTempSubdirectory("maelab-node-").FullName, FreePorts.Find(ports));
        var (port, owner) = (node.Port.ToString(CultureInfo.InvariantCulture), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        var missing = await NodeScript.RunAsync(script, ["start", node._folder, port, owner], cancellationToken);
        return missing is null ? (node, null) : (null, missing);
    }

    /// <returns>What the script prints for a question about this node, for example <c>queues</c>.</returns>
    public Task<string> AskAsync(string question) => NodeScript.ReadAsync(_script, [question, _folder], CancellationToken.None);

    public async Task KillAsync() => await Signals.SendAsync(Signals.Kill, await ProcessIdsAsync());

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

    private async Task<IEnumerable<int>> ProcessIdsAsync() =>
        (await AskAsync("pids")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture));
}
