using System.Xml.Linq;

namespace MaeLab.Architecture.Tests;

/// <param name="Path">Below the root, with forward slashes.</param>
/// <param name="References">Names of the projects it references, without <c>.csproj</c>.</param>
/// <param name="NotCompiled">Paths of C# files that are no part of the assembly, such as the sources of build tasks.</param>
internal sealed record ProjectFile(
    string Path, IReadOnlyList<string> References, IReadOnlyList<PackageUse> Packages, IReadOnlyList<string> NotCompiled)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Folder => Path[..Path.LastIndexOf('/')];

    public static ProjectFile Parse(string path, string text)
    {
        var elements = XDocument.Parse(text).Descendants().ToList();
        return new(
            path,
            [.. elements.Where(element => element.Name.LocalName == "ProjectReference").Select(element => NameOf((string)element.Attribute("Include")!))],
            [.. elements.Where(element => element.Name.LocalName == "PackageReference")
                .Select(element => new PackageUse((string?)element.Attribute("Include") ?? "", (string?)element.Attribute("Version")))],
            [.. elements.Where(element => element.Name.LocalName == "Compile" && element.Attribute("Remove") is not null)
                .Select(element => path[..(path.LastIndexOf('/') + 1)] + (string)element.Attribute("Remove")!)]);
    }

    private static string NameOf(string include) => System.IO.Path.GetFileNameWithoutExtension(include.Replace('\\', '/'));
}

/// <param name="Version">Null where the version is central, as it should be.</param>
internal sealed record PackageUse(string Name, string? Version);
