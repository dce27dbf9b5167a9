using MaeLab.Storage.Conversions;

namespace MaeLab.Storage.Archives;

/// <summary>What belongs to the rows of one table but lies in entries of its own.</summary>
internal sealed class RowParts : IAsyncDisposable
{
    private readonly ArchiveReader _archive;
    private readonly Dictionary<ArchiveColumn, EntryReader> _numbers = [];
    private long _files;

    private RowParts(ArchiveReader archive) => _archive = archive;

    public static async Task<RowParts> OpenAsync(ArchiveReader archive, ArchivedPart part, IEnumerable<ArchiveColumn> columns, CancellationToken cancellationToken)
    {
        var parts = new RowParts(archive);
        foreach (var column in columns.Where(column => column.Kind == ColumnKind.Numbers))
        {
            var name = ArchiveFormat.Numbers(part.Table, column.Name, column.Type.GetElementType()!);
            parts._numbers[column] = await archive.OpenAsync(name, cancellationToken);
        }

        return parts;
    }

    /// <returns>The next numbers of a column, an array of its type.</returns>
    /// <exception cref="FormatException">So many no row has.</exception>
    public async ValueTask<Array> NumbersAsync(ArchiveColumn column, int count, CancellationToken cancellationToken)
    {
        if (count is < 0 or > ArchiveFormat.MostNumbers)
        {
            throw new FormatException($"{count} is no count of numbers from 0 to {ArchiveFormat.MostNumbers}");
        }

        var bytes = await _numbers[column].ReadAsync(count * sizeof(long), cancellationToken);
        return column.Type == typeof(long[]) ? ArrayBlob.ToInt64(bytes) : ArrayBlob.ToDouble(bytes);
    }

    /// <param name="number">Files are numbered from 1 in the order in which rows name them.</param>
    /// <exception cref="FormatException">It is not the next one, nor one that came before.</exception>
    public async ValueTask<byte[]> FileAsync(long number, CancellationToken cancellationToken)
    {
        if (number < 1 || number > _files + 1)
        {
            throw new FormatException($"{number} is no file: it must be one from 1 to {_files + 1}");
        }

        _files = Math.Max(_files, number);
        await using var content = await _archive.OpenAsync(ArchiveFormat.Image(number), cancellationToken);
        if (content.Length > ArchiveFormat.LargestImage)
        {
            throw new FormatException($"file {number} has {content.Length} bytes; at most {ArchiveFormat.LargestImage} are read");
        }

        var bytes = await content.ReadAsync((int)content.Length, cancellationToken);
        await content.CompleteAsync(cancellationToken);
        return bytes;
    }

    /// <exception cref="ArchiveException">There is more than the rows have asked for, or it is damaged.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        foreach (var numbers in _numbers.Values)
        {
            await numbers.CompleteAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var numbers in _numbers.Values)
        {
            await numbers.DisposeAsync();
        }
    }
}
