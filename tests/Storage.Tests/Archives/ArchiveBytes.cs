using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MaeLab.Storage.Archives;
using MaeLab.Testing.Databases;

namespace MaeLab.Storage.Tests.Archives;

/// <summary>Archives as bytes: made, read, and changed by somebody who knows the format.</summary>
internal static class ArchiveBytes
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<byte[]> ExportAsync(this TestDatabase database, Guid experiment, CheckpointChoice checkpoints = CheckpointChoice.All)
    {
        using var archive = new MemoryStream();
        await new ExperimentExport(database.Contexts).WriteAsync(experiment, checkpoints, archive, Token);
        return archive.ToArray();
    }

    public static Task<ImportedExperiment> ImportAsync(this TestDatabase database, byte[] archive) =>
        new ExperimentImport(database.Contexts).ReadAsync(new MemoryStream(archive), Token);

    public static Dictionary<string, byte[]> Entries(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var content = entry.Open();
            using var copy = new MemoryStream();
            content.CopyTo(copy);
            return copy.ToArray();
        });
    }

    public static JsonObject Manifest(byte[] archive) => JsonNode.Parse(Entries(archive)[ArchiveFormat.Manifest])!.AsObject();

    /// <summary>The archive with other entries, and a manifest in which lengths and sums are right again.</summary>
    public static byte[] Change(byte[] archive, Action<Dictionary<string, byte[]>, JsonObject> change)
    {
        var entries = Entries(archive);
        var manifest = JsonNode.Parse(entries[ArchiveFormat.Manifest])!.AsObject();
        entries.Remove(ArchiveFormat.Manifest);
        change(entries, manifest);
        if (manifest["entries"] is JsonArray said && said.All(entry => entries.ContainsKey((string)entry!["name"]!)))
        {
            foreach (var entry in said)
            {
                var content = entries[(string)entry!["name"]!];
                (entry["length"], entry["sha256"]) = (content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
            }
        }

        return Pack(entries.Append(new(ArchiveFormat.Manifest, JsonSerializer.SerializeToUtf8Bytes(manifest))));
    }

    public static byte[] Pack(IEnumerable<KeyValuePair<string, byte[]>> entries)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var content = zip.CreateEntry(name).Open();
                content.Write(bytes);
            }
        }

        return file.ToArray();
    }

    public static void Replace(this Dictionary<string, byte[]> entries, string name, Func<string, string> change) =>
        entries[name] = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(entries[name])));
}
