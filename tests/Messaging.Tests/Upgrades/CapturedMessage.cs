using System.Text.Json.Nodes;
using MaeLab.Contracts.Commands;
using MaeLab.Testing.Brokers;

namespace MaeLab.Messaging.Tests.Upgrades;

/// <summary>A message as a released version sent it: what lay in the queue, without the name of the machine it came from.</summary>
/// <param name="Release">The newest migration of that version, which is the folder.</param>
/// <param name="Name">Of the contract.</param>
public sealed record CapturedMessage(string Release, string Name)
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Upgrades", "Captured");

    /// <summary>The contract as it is today.</summary>
    public Type Contract => Contracts.Single(type => type.Name == Name);

    /// <summary>Those that are sent; the other types of the contracts are parts of them.</summary>
    public static IReadOnlyList<Type> Contracts { get; } = FindContracts();

    public static IEnumerable<CapturedMessage> All() =>
        Directory.EnumerateFiles(s_folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => new CapturedMessage(Path.GetFileName(Path.GetDirectoryName(file)!), Path.GetFileNameWithoutExtension(file)));

    /// <summary>What was said in it.</summary>
    public JsonObject Body() => JsonNode.Parse(Text())!["message"]!.AsObject();

    public Task PublishAsync(TestVirtualHost broker, CancellationToken cancellationToken) =>
        broker.PublishAsync($"{Contract.Namespace}:{Name}", "application/vnd.masstransit+json", Text(), cancellationToken);

    public override string ToString() => $"{Release}/{Name}";

    private string Text() => File.ReadAllText(Path.Combine(s_folder, Release, Name + ".json"));

    private static List<Type> FindContracts()
    {
        var types = typeof(SubmitExperiment).Assembly.GetExportedTypes().Where(type => !type.IsEnum && !type.IsAbstract).ToList();
        var parts = types.SelectMany(type => type.GetProperties()).SelectMany(property => property.PropertyType.GetGenericArguments().Append(property.PropertyType));
        return [.. types.Except(parts)];
    }
}
