using System.IO.Compression;
using System.Text.Json;
using MaeLab.Domain;

namespace MaeLab.Storage.Archives;

/// <summary>Writes entries one after another into a zip file, and at the end the manifest that tells of each.</summary>
internal sealed class ArchiveWriter : IAsyncDisposable
{
    private readonly MeasuredStream _target;
    private readonly ZipArchive _zip;
    private readonly List<ArchivedEntry> _entries = [];

    private ArchiveWriter(MeasuredStream target, ZipArchive zip) => (_target, _zip) = (target, zip);

    public static async Task<ArchiveWriter> OpenAsync(Stream target, CancellationToken cancellationToken)
    {
        var measured = new MeasuredStream(target);
        return new(measured, await ZipArchive.CreateAsync(measured, ZipArchiveMode.Create, leaveOpen: true, null, cancellationToken));
    }

    public async Task WriteAsync(string name, CompressionLevel level, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        await using var content = await OpenEntryAsync(name, level, cancellationToken);
        await using var measured = new MeasuredStream(content);
        await write(measured);
        await measured.DrainAsync(cancellationToken);
        _entries.Add(new(name, measured.Written, measured.Sha256()));
    }

    /// <summary>Without this there is no zip file: what broke off can be told from what is whole.</summary>
    public async Task CompleteAsync(Func<IReadOnlyList<ArchivedEntry>, ArchiveManifest> manifest, CancellationToken cancellationToken)
    {
        await using (var content = await OpenEntryAsync(ArchiveFormat.Manifest, CompressionLevel.SmallestSize, cancellationToken))
        {
            await JsonSerializer.SerializeAsync(content, manifest(_entries), JsonDefaults.Indented, cancellationToken);
        }

        await _zip.DisposeAsync();
        await _target.DrainAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _target.DisposeAsync();

    private async Task<Stream> OpenEntryAsync(string name, CompressionLevel level, CancellationToken cancellationToken)
    {
        var entry = _zip.CreateEntry(name, level);
        entry.LastWriteTime = ArchiveFormat.EntryTime;
        return await entry.OpenAsync(cancellationToken);
    }
}
