using System.Security.Cryptography;
using System.Text;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Data;

/// <summary>
/// A folder of decoded image sets. A set that fits is decoded once, in parallel, into one file that later runs map; one that does
/// not fit is decoded image by image as it is used. Both give the same bytes. A file is written under a name of its own and then
/// renamed, so that nobody meets half of one; its name and header carry a key of what it was made of, so that nobody meets an old one.
/// </summary>
/// <param name="folder">Made when needed. The longest unused files give way to new ones.</param>
/// <param name="maxBytes">For all files together; 0: decode nothing ahead.</param>
public sealed class ImageCache(string folder, long maxBytes)
{
    /// <summary>Disk space that is left to others.</summary>
    private const long Reserve = 1L << 30;

    /// <summary>So many files are asked for their size before a set is decoded.</summary>
    private const int Sample = 200;

    private const string Extension = ".pixels";
    private const string PartExtension = ".part";

    public static ImageCache None { get; } = new("", 0);

    internal ImageSet Open(ImageFiles files, ITrainingSink sink, CancellationToken cancellationToken)
    {
        if (maxBytes == 0 || files.Count == 0)
        {
            return new StreamedImages(files);
        }

        try
        {
            Directory.CreateDirectory(folder);
            var key = Key(files);
            var path = Path.Combine(folder, Convert.ToHexStringLower(key) + Extension);
            return (Find(path, key, files) ?? Make(path, key, files, sink, cancellationToken)) is { } images ? images : new StreamedImages(files);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            sink.Log(LogSeverity.Warning, $"Images are decoded as they are used, since the cache folder {folder} fails: {exception.Message}");
            return new StreamedImages(files);
        }
    }

    private static MappedImages? Find(string path, byte[] key, ImageFiles files)
    {
        if (PixelFile.TryOpen(path, key, files.Count) is not { } found)
        {
            return null;
        }

        // Its age decides which file gives way.
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        return new MappedImages(found, files);
    }

    /// <returns>Null where the images do not fit, somebody else is at it, or the run is told to stop.</returns>
    private MappedImages? Make(string path, byte[] key, ImageFiles files, ITrainingSink sink, CancellationToken cancellationToken)
    {
        using var claim = Claim(path);
        if (claim is null)
        {
            sink.Log(LogSeverity.Info, $"Another run is just decoding these {files.Count} images; meanwhile this one decodes them as it uses them.");
            return null;
        }

        // While we asked for it, its last holder may have finished the file.
        if (Find(path, key, files) is { } finished)
        {
            return finished;
        }

        var bytes = Estimate(files);
        var room = MakeRoom(bytes);
        if (bytes > room)
        {
            sink.Log(LogSeverity.Info,
                $"{files.Count} images would take {Gigabytes(bytes)} decoded, {Gigabytes(room)} may be used in {folder}: they are decoded as they are used.");
            return null;
        }

        sink.Log(LogSeverity.Info, $"Decoding {files.Count} images once, into {Gigabytes(bytes)} in {folder}.");
        var part = $"{path}.{Guid.NewGuid():n}{PartExtension}";
        try
        {
            using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0))
            {
                var writer = new PixelFileWriter(file, files, room);
                if (!writer.Write(() => sink.StopRequested != StopRequest.None, cancellationToken))
                {
                    return null;
                }

                writer.Finish(key);
            }

            File.Move(part, path, overwrite: true);
            return Find(path, key, files);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>
    /// Keeps two runs from decoding the same images at the same time, which would waste their time; should both get through (locks
    /// do not work on every file system), each writes a file of its own.
    /// </summary>
    private static FileStream? Claim(string path)
    {
        try
        {
            return new(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Bytes of all images decoded, from the sizes of some spread over the set.</summary>
    private static long Estimate(ImageFiles files)
    {
        var asked = Math.Min(Sample, files.Count);
        var sum = 0L;
        for (var n = 0; n < asked; n++)
        {
            var (width, height) = ImageDecoder.Size(files.Path((int)((long)n * files.Count / asked)));
            sum += (long)ImageDecoder.Channels * width * height;
        }

        return PixelFile.PixelsAt(files.Count) + (sum * files.Count / asked);
    }

    /// <summary>Deletes the files that have not been used for longest until there is room, or none is left.</summary>
    /// <returns>Bytes that a new file may take.</returns>
    private long MakeRoom(long bytes)
    {
        var all = new DirectoryInfo(folder).GetFiles();
        var leavable = new Queue<FileInfo>(all.Where(file => file.Extension == Extension).OrderBy(file => file.LastWriteTimeUtc));

        // Left by a process that was killed.
        foreach (var left in all.Where(file => file.Extension == PartExtension && file.LastWriteTimeUtc < DateTime.UtcNow.AddDays(-1)))
        {
            left.Delete();
        }

        while (bytes <= maxBytes && Room() < bytes && leavable.TryDequeue(out var oldest))
        {
            // Whoever has it mapped keeps it until done.
            oldest.Delete();
        }

        return Room();

        long Room() => Math.Min(
            maxBytes - new DirectoryInfo(folder).GetFiles().Sum(file => file.Length),
            new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace - Reserve);
    }

    /// <summary>Changes with every file's name, length or time, and with how this version decodes.</summary>
    private static byte[] Key(ImageFiles files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"1 {ImageDecoder.SideKept}\n"));
        for (var index = 0; index < files.Count; index++)
        {
            var file = files.File(index);
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.FullName}\n{file.Length} {file.LastWriteTimeUtc.Ticks}\n"));
        }

        return hash.GetHashAndReset();
    }

    private static string Gigabytes(long bytes) => FormattableString.Invariant($"{Math.Max(bytes, 0) / 1e9:0.##} GB");
}
