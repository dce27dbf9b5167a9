using System.Globalization;

namespace MaeLab.Storage.Archives;

/// <summary>Names, versions and limits of an archive; README.md beside this file describes it for readers of other programs.</summary>
public static class ArchiveFormat
{
    public const string Extension = ".maelab";

    public const string ContentType = "application/zip";

    /// <summary>Of the layout. A new column or table does not change it, see <see cref="ArchiveManifest"/>.</summary>
    internal const int Version = 1;

    internal const string Manifest = "manifest.json";

    /// <summary>Bytes. A manifest has some 150 an entry; this is room for 400,000 images.</summary>
    internal const int LongestManifest = 64 * 1024 * 1024;

    /// <summary>Bytes. A row is read as a whole; the longest are details of probes, some 100 KiB.</summary>
    internal const int LongestRow = 64 * 1024 * 1024;

    /// <summary>Bytes of a picture, which is read as a whole too.</summary>
    internal const int LargestImage = 64 * 1024 * 1024;

    /// <summary>Numbers of one row. A row of metrics has 256 points.</summary>
    internal const int MostNumbers = 65_536;

    /// <summary>The same for every entry, so that the same experiment gives the same bytes; zip knows no earlier moment.</summary>
    internal static DateTimeOffset EntryTime { get; } = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string FileName(Guid experimentId) => $"maelab-{experimentId}{Extension}";

    /// <summary>One JSON object a line, one line a row.</summary>
    internal static string Rows(string table) => $"{table}.jsonl";

    /// <summary>The numbers of one column, row after row, as 8 little-endian bytes each.</summary>
    internal static string Numbers(string table, string column, Type element) => $"{table}.{column}.{(element == typeof(long) ? "i64" : "f64")}";

    /// <param name="number">From 1.</param>
    internal static string Image(long number) => Numbered("images", number, "png");

    /// <inheritdoc cref="Image"/>
    internal static string Checkpoint(long number) => Numbered("checkpoints", number, "safetensors");

    private static string Numbered(string folder, long number, string extension) =>
        string.Create(CultureInfo.InvariantCulture, $"{folder}/{number:D6}.{extension}");
}
