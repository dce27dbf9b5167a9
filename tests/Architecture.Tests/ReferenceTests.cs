namespace MaeLab.Architecture.Tests;

/// <summary>Who may know whom. Services know the shared rooms and never each other; only the engine knows nothing but the domain.</summary>
public sealed class ReferenceTests
{
    private const string Testing = "MaeLab.Testing";

    private static readonly string[] s_shared = ["MaeLab.Contracts", "MaeLab.Domain", "MaeLab.Storage", "MaeLab.Hosting"];

    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["MaeLab.Contracts"] = [],
        ["MaeLab.Domain"] = [],
        ["MaeLab.Hosting"] = [],
        ["MaeLab.Storage"] = ["MaeLab.Domain"],
        ["MaeLab.Engine"] = ["MaeLab.Domain"],
        ["MaeLab.Runner"] = ["MaeLab.Engine", .. s_shared],
        ["MaeLab.Scheduler"] = s_shared,
        ["MaeLab.Web"] = s_shared,
        ["MaeLab.Local"] = ["MaeLab.Web", "MaeLab.Scheduler", "MaeLab.Runner"],
        [Testing] = s_shared,
        ["MaeLab.Architecture.Tests"] = [],
        ["MaeLab.Domain.Tests"] = ["MaeLab.Domain", Testing],
        ["MaeLab.Engine.Tests"] = ["MaeLab.Engine", Testing],
        ["MaeLab.Storage.Tests"] = ["MaeLab.Storage", Testing],
        ["MaeLab.Messaging.Tests"] = ["MaeLab.Scheduler", "MaeLab.Runner", Testing],
        ["MaeLab.Web.Tests"] = ["MaeLab.Web", Testing],
        ["MaeLab.System.Tests"] = ["MaeLab.Local", Testing],
        ["MaeLab.Benchmarks"] = ["MaeLab.Local", Testing],
    };

    [Fact]
    public void Projects_reference_only_what_their_room_may_know() => Repository.AssertNone(Repository.Projects.SelectMany(Violations));

    [Fact]
    public void Reference_between_services_is_told() =>
        Assert.Equal(
            ["scheduler/MaeLab.Scheduler.csproj: MaeLab.Scheduler may not reference MaeLab.Runner; allowed: MaeLab.Contracts, MaeLab.Domain, MaeLab.Storage, MaeLab.Hosting."],
            Violations(ProjectFile.Parse(
                "scheduler/MaeLab.Scheduler.csproj",
                """<Project><ItemGroup><ProjectReference Include="..\runner\Service\MaeLab.Runner.csproj" /></ItemGroup></Project>""")));

    [Fact]
    public void Solution_holds_every_project()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root.FullName, "MaeLab.sln")).Replace('\\', '/');

        Repository.AssertNone(Repository.Projects
            .Where(project => !solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal))
            .Select(project => $"{project.Path}: not in MaeLab.sln; add it with 'dotnet sln add {project.Path}'."));
    }

    private static IEnumerable<string> Violations(ProjectFile project) =>
        s_allowed.TryGetValue(project.Name, out var allowed)
            ? project.References.Except(allowed).Select(reference =>
                $"{project.Path}: {project.Name} may not reference {reference}; allowed: {(allowed.Length > 0 ? string.Join(", ", allowed) : "nothing of ours")}.")
            : [$"{project.Path}: no rule says what {project.Name} may reference; add it to {nameof(ReferenceTests)}."];
}
