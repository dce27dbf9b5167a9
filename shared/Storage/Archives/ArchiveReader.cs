using System.IO.Compression;
using System.Text.Json;
using MaeLab.Domain;

namespace MaeLab.Storage.Archives;

/// <summary>Reads the entries of an archive, and takes nothing on trust: names, lengths and sums must be those of the manifest, and every entry must be read.</summary>
internal sealed class ArchiveReader : IAsyncDisposable
{
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;
    private readonly Dictionary<string, ArchivedEntry> _expected;
    private readonly HashSet<string> _unread;

    private ArchiveReader(ZipArchive zip, Dictionary<string, ZipArchiveEntry> entries, ArchiveManifest manifest)
    {
        (_zip, _entries, Manifest) = (zip, entries, manifest);
        _expected = manifest.Entries.ToDictionary(entry => entry.Name);
        _unread = [.. _expected.Keys];
    }

    public ArchiveManifest Manifest { get; }

    /// <param name="archive">Must be able to seek.</param>
    /// <exception cref="ArchiveException">It is no archive, or one that this program does not know.</exception>
    public static async Task<ArchiveReader> OpenAsync(Stream archive, CancellationToken cancellationToken)
    {
        ZipArchive? zip = null;
        try
        {
            zip = await ZipArchive.CreateAsync(archive, ZipArchiveMode.Read, leaveOpen: true, null, cancellationToken);
            var entries = new Dictionary<string, ZipArchiveEntry>();
            foreach (var entry in zip.Entries)
            {
                if (!entries.TryAdd(entry.FullName, entry))
                {
                    throw new ArchiveException(entry.FullName, "is there twice.");
                }
            }

            return new(zip, entries, await ReadManifestAsync(entries, cancellationToken));
        }
        catch (Exception error)
        {
            if (zip is not null)
            {
                await zip.DisposeAsync();
            }

            if (EntryReader.IsDamage(error))
            {
                throw new ArchiveException("The file", "is no MaeLab archive, or was cut off on its way.", error);
            }

            throw;
        }
    }

    /// <exception cref="ArchiveException">There is no such entry.</exception>
    public async Task<EntryReader> OpenAsync(string name, CancellationToken cancellationToken)
    {
        if (!_expected.TryGetValue(name, out var expected))
        {
            throw new ArchiveException(name, "is missing.");
        }

        _unread.Remove(name);
        return await EntryReader.OpenAsync(_entries[name], expected, cancellationToken);
    }

    /// <exception cref="ArchiveException">Nothing refers to some entry.</exception>
    public void RefuseRest()
    {
        if (_unread.Count > 0)
        {
            throw new ArchiveException(_unread.Order(StringComparer.Ordinal).First(), "belongs to nothing in this archive.");
        }
    }

    public ValueTask DisposeAsync() => _zip.DisposeAsync();

    private static async Task<ArchiveManifest> ReadManifestAsync(Dictionary<string, ZipArchiveEntry> entries, CancellationToken cancellationToken)
    {
        if (!entries.Remove(ArchiveFormat.Manifest, out var entry))
        {
            throw new ArchiveException(ArchiveFormat.Manifest, "is missing: this is no MaeLab archive.");
        }

        if (entry.Length > ArchiveFormat.LongestManifest)
        {
            throw new ArchiveException(ArchiveFormat.Manifest, $"has {entry.Length} bytes; at most {ArchiveFormat.LongestManifest} are read.");
        }

        await using var reader = await EntryReader.OpenAsync(entry, new(entry.FullName, entry.Length, ""), cancellationToken);
        var content = await reader.ReadAsync((int)entry.Length, cancellationToken);
        RefuseOtherFormat(content);
        var manifest = Parse<ArchiveManifest>(content);
        foreach (var said in manifest.Entries)
        {
            if (!entries.TryGetValue(said.Name, out var there))
            {
                throw new ArchiveException(said.Name, "is in the manifest, but not in the file.");
            }

            if (there.Length != said.Length)
            {
                throw new ArchiveException(said.Name, $"has {there.Length} bytes, and {said.Length} by the manifest.");
            }
        }

        return manifest.Entries.DistinctBy(said => said.Name).Count() != manifest.Entries.Count ? throw new ArchiveException(ArchiveFormat.Manifest, "names an entry twice.")
            : entries.Keys.Except(manifest.Entries.Select(said => said.Name)).FirstOrDefault() is { } extra ? throw new ArchiveException(extra, "is not in the manifest.")
            : manifest;
    }

    /// <summary>Before the rest is read: what another format has beside its number is not for us to know.</summary>
    private static void RefuseOtherFormat(byte[] manifest)
    {
        const string Format = "format";
        var members = Parse<JsonElement>(manifest);
        if (members.ValueKind != JsonValueKind.Object || !members.TryGetProperty(Format, out var format) || !format.TryGetInt32(out var number))
        {
            throw new ArchiveException(ArchiveFormat.Manifest, "does not say its format: this is no MaeLab archive.");
        }

        if (number != ArchiveFormat.Version)
        {
            throw new ArchiveException(ArchiveFormat.Manifest, $"has format {number}; this program reads {ArchiveFormat.Version}. Use a newer MaeLab.");
        }
    }

    private static T Parse<T>(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, s_strict) ?? throw new ArchiveException(ArchiveFormat.Manifest, "is null.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ArchiveException(ArchiveFormat.Manifest, $"cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Nothing may be missing either.</summary>
    private static readonly JsonSerializerOptions s_strict = new(JsonDefaults.Options) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };
}
