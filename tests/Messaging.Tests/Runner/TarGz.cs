using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace MaeLab.Messaging.Tests.Runner;

internal static class TarGz
{
    /// <summary>An archive of files that hold their own names.</summary>
    public static byte[] Pack(params string[] names)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var name in names)
            {
                using var content = new MemoryStream(Encoding.UTF8.GetBytes(name));
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = content });
            }
        }

        return stream.ToArray();
    }
}
