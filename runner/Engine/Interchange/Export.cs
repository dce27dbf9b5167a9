using MaeLab.Engine.Formats;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Interchange;

/// <summary>Turns a checkpoint into a file for others: the parameters without the moments, under the names they know.</summary>
public static class Export
{
    private const int Piece = 1 << 20;

    /// <summary>What Hugging Face's loader asks of a file's metadata.</summary>
    private static readonly KeyValuePair<string, string> s_framework = new("format", "pt");

    /// <summary>Copies bytes from file to file, in memory that does not grow with the model.</summary>
    /// <param name="checkpoint">Seekable.</param>
    /// <param name="encoderOnly">Leave out what features of whole images do not need, as the public encoder files do.</param>
    /// <returns>How many tensors were written.</returns>
    /// <exception cref="InvalidDataException">No checkpoint, damaged, or with a parameter that the names cannot express.</exception>
    public static int Run(Stream checkpoint, Stream target, NameScheme scheme, bool encoderOnly)
    {
        var header = new SafetensorsReader(checkpoint).Header;
        Checkpoint.CheckVersion(header.Metadata);
        var content = checkpoint.Position;
        var tensors = header.Entries
            .Where(entry => !Checkpoint.IsMoment(entry.Name) && (!encoderOnly || MaeParameters.MakesFeatures(entry.Name)))
            .SelectMany(entry => Parts(checkpoint, content, entry, TensorNames.Of(entry.Name, scheme)))
            .ToList();
        SafetensorsWriter.Write(target, tensors, new Dictionary<string, string>([.. header.Metadata, s_framework]));
        return tensors.Count;
    }

    private static IEnumerable<TensorToWrite> Parts(Stream source, long content, SafetensorsEntry entry, IReadOnlyList<string> names)
    {
        var bytes = entry.Bytes / names.Count;
        return names.Select((name, part) => new TensorToWrite(name, entry.Type, TensorNames.PartShape(entry.Name, entry.Shape, names.Count), target =>
        {
            source.Position = content + entry.Begin + (part * bytes);
            Copy(source, target, bytes);
        }));
    }

    private static void Copy(Stream source, Stream target, long bytes)
    {
        var buffer = new byte[Math.Min(bytes, Piece)];
        while (bytes > 0)
        {
            var piece = buffer.AsSpan(0, (int)Math.Min(bytes, buffer.Length));
            source.ReadExactly(piece);
            target.Write(piece);
            bytes -= piece.Length;
        }
    }
}
