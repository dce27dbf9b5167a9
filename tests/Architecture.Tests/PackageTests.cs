using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MaeLab.Architecture.Tests;

/// <summary>Packages that shape the architecture stay in the room that is there to hide them.</summary>
public sealed partial class PackageTests
{
    private const string Engine = "MaeLab.Engine";
    private const string Storage = "MaeLab.Storage";

    private static readonly (string Prefix, string Owner)[] s_owned =
    [
        ("TorchSharp", Engine), ("libtorch", Engine), ("SkiaSharp", Engine),
        ("Npgsql", Storage), ("Microsoft.EntityFrameworkCore", Storage), ("EFCore.", Storage), ("Microsoft.Data.Sqlite", Storage), ("Parquet.Net", Storage),
    ];

    [Fact]
    public void Only_the_engine_references_TorchSharp_and_SkiaSharp_and_only_storage_a_database() =>
        Repository.AssertNone(
            from project in Repository.Projects
            from package in project.Packages
            from rule in s_owned
            where package.Name.StartsWith(rule.Prefix, StringComparison.OrdinalIgnoreCase) && project.Name != rule.Owner
            select $"{project.Path}: only {rule.Owner} may reference {package.Name}.");

    /// <summary>A reference to the engine brings TorchSharp along, so the project files alone do not keep it in.</summary>
    [Fact]
    public void Only_the_engine_uses_TorchSharp_and_SkiaSharp() =>
        Repository.AssertNone(new[] { "TorchSharp", "SkiaSharp" }.SelectMany(space => UsesOutside(space, "runner/Engine/", "tests/")));

    [Fact]
    public void Only_storage_uses_the_drivers_of_the_databases() =>
        Repository.AssertNone(new[] { "Npgsql", "Microsoft.Data.Sqlite" }.SelectMany(space => UsesOutside(space, "shared/Storage/", "tests/")));

    [Fact]
    public void Versions_stand_in_one_place() =>
        Repository.AssertNone(
            from project in Repository.Projects
            from package in project.Packages
            where package.Version is not null
            select $"{project.Path}: the version of {package.Name} belongs into Directory.Packages.props.");

    /// <summary>From 9 on MassTransit is commercial.</summary>
    [Fact]
    public void MassTransit_stays_below_9()
    {
        var versions = XDocument.Load(Path.Combine(Repository.Root.FullName, "Directory.Packages.props")).Descendants("PackageVersion")
            .Select(element => ((string)element.Attribute("Include")!, (string)element.Attribute("Version")!))
            .Where(package => package.Item1.StartsWith("MassTransit", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(versions);
        Repository.AssertNone(versions
            .Where(package => !RangeBelow9().IsMatch(package.Item2))
            .Select(package => $"Directory.Packages.props: {package.Item1} must be a range that ends below 9, like [8.5.12,9.0.0), not {package.Item2}."));
    }

    [Fact]
    public void MassTransit_is_locked_below_9() =>
        Repository.AssertNone(
            from file in Repository.Files(".json")
            where file.Path.EndsWith("packages.lock.json", StringComparison.Ordinal)
            from Match locked in LockedMassTransit().Matches(file.Text)
            where int.Parse(locked.Groups["major"].Value, System.Globalization.CultureInfo.InvariantCulture) >= 9
            select $"{file.Path}: {locked.Groups["name"].Value} is locked at {locked.Groups["major"].Value}; it must stay below 9.");

    [Theory]
    [InlineData("[8.5.12,9.0.0)", true)]
    [InlineData("[8.5.12, 9)", true)]
    [InlineData("[8.5.12]", true)]
    [InlineData("8.5.12", false)]
    [InlineData("[8.5.12,9.0.0]", false)]
    [InlineData("[8.5.12,10.0.0)", false)]
    [InlineData("[9.0.0]", false)]
    public void Range_below_9_is_told_from_others(string range, bool below) => Assert.Equal(below, RangeBelow9().IsMatch(range));

    private static IEnumerable<string> UsesOutside(string space, params string[] rooms)
    {
        var use = new Regex($@"^\s*(global\s+)?using\s+(static\s+)?(\w+\s*=\s*)?{Regex.Escape(space)}\b", RegexOptions.Multiline);
        return Repository.Files(".cs", ".razor")
            .Where(file => !rooms.Any(room => file.Path.StartsWith(room, StringComparison.Ordinal)) && use.IsMatch(file.Text))
            .Select(file => $"{file.Path}: uses {space}, which only {rooms[0]} may.");
    }

    /// <summary>A bare version is a lower bound only and would let a newer one in.</summary>
    [GeneratedRegex(@"^\[8\.[\d.]+(\]|,\s*9(\.0)*\)|,\s*8\.[\d.]+[\])])$")]
    private static partial Regex RangeBelow9();

    [GeneratedRegex("\"(?<name>MassTransit[^\"]*)\":\\s*\\{[^}]*?\"resolved\":\\s*\"(?<major>\\d+)\\.")]
    private static partial Regex LockedMassTransit();
}
