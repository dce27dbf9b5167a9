using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using MaeLab.Engine.Formats;

namespace MaeLab.Engine.Tests.Formats;

/// <summary>
/// A damaged file is refused with one kind of exception or read as what it now says; nothing else may happen, and no memory may be
/// asked for that the file does not fill.
/// </summary>
public sealed partial class SafetensorsFuzzTests
{
    private static readonly byte[] s_file = File();

    /// <summary>What a header may hold by accident or by malice, in place of a number or a letter.</summary>
    private static readonly string[] s_words =
    [
        "0", "-1", "4", "1e3", "1.5", "2147483648", "9223372036854775807", "18446744073709551616", "[]", "{}", "null", "true", "\"F32\"", "\"I64\"", "\"F4\"",
        "[0,0]", "[0,4]", "\"\\ud800\"", "\"__metadata__\"", "\"a\"", ",", ":", " ",
    ];

    private static readonly Gen<Func<byte[], byte[]>> s_bytes = Gen.Select(Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 3], Gen.Int[1, 40]).Select((at, value, kind, length) =>
        (Func<byte[], byte[]>)(file => Mutate(file, at % file.Length, value, kind, length)));

    private static readonly Gen<Func<byte[], byte[]>> s_header = Gen.Select(Gen.Int[0, 1000], Gen.Int[0, s_words.Length - 1]).Select((at, word) =>
        (Func<byte[], byte[]>)(file => MutateHeader(file, at, s_words[word])));

    [Fact]
    public void Read_of_a_file_with_other_bytes_is_refused_or_consistent() =>
        s_bytes.Array[1, 4].Sample(mutations => AssertSound(mutations.Aggregate(s_file, (file, mutate) => file.Length > 0 ? mutate(file) : file)), iter: 5_000);

    [Fact]
    public void Read_of_a_file_with_another_header_is_refused_or_consistent() =>
        s_header.Array[1, 3].Sample(mutations => AssertSound(mutations.Aggregate(s_file, (file, mutate) => mutate(file))), iter: 5_000);

    [Fact]
    public void Read_of_random_bytes_is_refused() => Gen.Byte.Array[0, 200].Sample(bytes =>
        Assert.Throws<InvalidDataException>(() => new SafetensorsReader(new MemoryStream(bytes))));

    private static void AssertSound(byte[] file)
    {
        using var seekable = new MemoryStream(file);
        using var forward = new ForwardStream(file);
        Allow(() => ReadPiecewise(file, seekable));
        Allow(() => ReadPiecewise(file, forward));
        Allow(() => Assert.All(new SafetensorsReader(new MemoryStream(file)).ReadAll().Values, tensor => Assert.Equal(tensor.Entry.Bytes, tensor.Bytes.Length)));
    }

    private static void Allow(Action read)
    {
        try
        {
            read();
        }
        catch (InvalidDataException exception)
        {
            Assert.NotEmpty(exception.Message);
        }
    }

    private static void ReadPiecewise(byte[] file, Stream stream)
    {
        var reader = new SafetensorsReader(stream);
        long read = 0;
        while (reader.Next(Memory) is { } entry)
        {
            Assert.Equal(read, entry.Begin);
            read += entry.Bytes;
        }

        Assert.Equal(reader.Header.ContentBytes, read);

        Span<byte> Memory(SafetensorsEntry entry)
        {
            if (entry.Bytes > file.Length)
            {
                // Where the end is not known the caller compares sizes with its own model first.
                Assert.False(stream.CanSeek);
                throw new InvalidDataException("Not of the model's size.");
            }

            return new byte[entry.Bytes];
        }
    }

    private static byte[] Mutate(byte[] file, int at, byte value, int kind, int length) => kind switch
    {
        0 => [.. file[..at], value, .. file[(at + 1)..]],
        1 => file[..at],
        2 => [.. file[..at], value, .. file[at..]],
        _ => [.. file[..at], .. file[Math.Min(file.Length, at + length)..]],
    };

    /// <summary>Puts a word in place of one of the header's; the length before the header follows.</summary>
    private static byte[] MutateHeader(byte[] file, int at, string word)
    {
        var length = BitConverter.ToInt32(file);
        var header = Encoding.UTF8.GetString(file, 8, length);
        var words = Word().Matches(header);
        var chosen = words[at % words.Count];
        var changed = Encoding.UTF8.GetBytes(header[..chosen.Index] + word + header[(chosen.Index + chosen.Length)..]);
        return [.. BitConverter.GetBytes((long)changed.Length), .. changed, .. file[(8 + length)..]];
    }

    private static byte[] File()
    {
        using var stream = new MemoryStream();
        (string Name, string Type, long[] Shape)[] tensors = [("a", "F32", [2, 2]), ("b", "BF16", [3]), ("steps", "I64", []), ("none", "U8", [0, 7])];
        SafetensorsWriter.Write(
            stream, [.. tensors.Select(tensor => new TensorToWrite(tensor.Name, tensor.Type, tensor.Shape, target => target.Write(new byte[Size(tensor.Type, tensor.Shape)])))],
            new Dictionary<string, string> { ["k"] = "v" });
        return stream.ToArray();
    }

    private static long Size(string type, long[] shape) =>
        shape.Aggregate(type switch { "I64" => 8L, "F32" => 4, "BF16" => 2, _ => 1 }, (size, dimension) => size * dimension);

    [GeneratedRegex("\"[^\"]*\"|[0-9]+|[\\[\\]{}:,]")]
    private static partial Regex Word();

    /// <summary>As a checkpoint comes out of a database: it cannot be sought.</summary>
    private sealed class ForwardStream(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
