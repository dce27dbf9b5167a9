using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace MaeLab.System.Tests.Compose;

/// <summary>One service of a compose file, anchors resolved and variables filled in.</summary>
public sealed class ComposeService
{
    public string? Image { get; set; }

    public string? Restart { get; set; }

    /// <summary>Started only with one of these; always where there are none.</summary>
    public List<string> Profiles { get; set; } = [];

    public string? User { get; set; }

    [YamlMember(Alias = "read_only", ApplyNamingConventions = false)]
    public bool ReadOnly { get; set; }

    [YamlMember(Alias = "cap_drop", ApplyNamingConventions = false)]
    public List<string> CapDrop { get; set; } = [];

    [YamlMember(Alias = "security_opt", ApplyNamingConventions = false)]
    public List<string> SecurityOpt { get; set; } = [];

    public ComposeExtends? Extends { get; set; }

    public Dictionary<string, ComposeNetwork> Networks { get; set; } = [];

    public ComposeDeploy? Deploy { get; set; }

    public List<string> Command { get; set; } = [];

    public Dictionary<string, string> Environment { get; set; } = [];

    public List<string> Ports { get; set; } = [];

    public List<string> Volumes { get; set; } = [];

    public ComposeBuild? Build { get; set; }

    [YamlMember(Alias = "depends_on", ApplyNamingConventions = false)]
    public Dictionary<string, ComposeDependency> DependsOn { get; set; } = [];

    public Dictionary<string, object> Healthcheck { get; set; } = [];
}

public sealed class ComposeBuild
{
    public string Context { get; set; } = "";

    public string Dockerfile { get; set; } = "";

    public string Target { get; set; } = "";

    public Dictionary<string, string> Args { get; set; } = [];
}

public sealed class ComposeExtends
{
    public string File { get; set; } = "";

    public string Service { get; set; } = "";
}

public sealed class ComposeNetwork
{
    public List<string> Aliases { get; set; } = [];
}

public sealed class ComposeDeploy
{
    public ComposeResources Resources { get; set; } = new();
}

public sealed class ComposeResources
{
    public ComposeReservations Reservations { get; set; } = new();
}

public sealed class ComposeReservations
{
    public List<ComposeDevice> Devices { get; set; } = [];
}

public sealed class ComposeDevice
{
    public string Driver { get; set; } = "";

    [YamlMember(Alias = "device_ids", ApplyNamingConventions = false)]
    public List<string> DeviceIds { get; set; } = [];

    public List<string> Capabilities { get; set; } = [];
}

public sealed class ComposeDependency
{
    public string Condition { get; set; } = "";
}

/// <summary>A compose file as <c>docker compose</c> reads it, as far as ours go.</summary>
public sealed partial class ComposeFile
{
    public Dictionary<string, ComposeService> Services { get; set; } = [];

    /// <param name="variables">What .env says.</param>
    /// <exception cref="InvalidOperationException">A variable is needed that is not set.</exception>
    public static ComposeFile Read(string path, IReadOnlyDictionary<string, string> variables)
    {
        var text = Variable().Replace(File.ReadAllText(path), match =>
        {
            var (name, mark, rest) = (match.Groups["name"].Value, match.Groups["mark"].Value, match.Groups["rest"].Value);
            return (variables.GetValueOrDefault(name), mark) switch
            {
                ({ Length: > 0 } value, _) => value,
                (_, ":-") => rest,
                (_, ":?") => throw new InvalidOperationException($"{path} needs {name}: {rest}."),
                _ => "",
            };
        });
        using var reader = new StringReader(text);
        return new DeserializerBuilder().WithNamingConvention(YamlDotNet.Serialization.NamingConventions.CamelCaseNamingConvention.Instance)
            .IgnoreUnmatchedProperties().Build().Deserialize<ComposeFile>(new MergingParser(new Parser(reader)));
    }

    /// <summary>.env as compose reads it: NAME=value lines and comments.</summary>
    public static Dictionary<string, string> ReadVariables(string path) =>
        File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)(?:(?<mark>:[-?])(?<rest>[^}]*))?\}")]
    private static partial Regex Variable();
}
