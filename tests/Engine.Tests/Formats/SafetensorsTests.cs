using System.Buffers.Binary;
using System.Text;
using CsCheck;
using MaeLab.Engine.Formats;

namespace MaeLab.Engine.Tests.Formats;

public sealed class SafetensorsTests
{
    private static readonly Gen<List<(string Name, string Type, long[] Shape, byte[] Bytes)>> s_tensors =
        (from name in Gen.String[Gen.Char['!', '~'], 1, 12]
         from type in Gen.OneOf(Gen.Const(("F32", 4)), Gen.Const(("BF16", 2)), Gen.Const(("I64", 8)), Gen.Const(("U8", 1)))
         from shape in Gen.Long[0, 4].Array[0, 3]
         from bytes in Gen.Byte.Array[(int)shape.Aggregate((long)type.Item2, (product, size) => product * size)]
         where name != SafetensorsHeader.MetadataKey
         select (name, type.Item1, shape, bytes)).List[0, 6].Select(list => list.DistinctBy(tensor => tensor.name).ToList());

    private static readonly Gen<Dictionary<string, string>> s_metadata = Gen.Dictionary(Gen.String, Gen.String)[0, 3];

    [Fact]
    public void Write_then_read_gives_the_same() => Gen.Select(s_tensors, s_metadata).Sample((tensors, metadata) =>
    {
        var reader = new SafetensorsReader(new MemoryStream(Write(tensors, metadata)));
        Assert.Equal(metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal), reader.Header.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        var read = reader.ReadAll();
        Assert.Equal(tensors.Count, read.Count);
        foreach (var (name, type, shape, bytes) in tensors)
        {
            Assert.Equal(type, read[name].Entry.Type);
            Assert.Equal(shape, read[name].Entry.Shape);
            Assert.Equal(bytes, read[name].Bytes);
        }
    });

    [Fact]
    public void Write_pads_the_header_and_sorts_by_type_then_name()
    {
        var file = Write([("b", "F32", [1], new byte[4]), ("long", "I64", [1], new byte[8]), ("a", "F32", [1], new byte[4]), ("half", "BF16", [1], new byte[2])], []);
        var length = BinaryPrimitives.ReadInt32LittleEndian(file);

        Assert.Equal(0, length % 8);
        Assert.Equal(["long", "a", "b", "half"], new SafetensorsReader(new MemoryStream(file)).Header.Entries.Select(entry => entry.Name));
        Assert.StartsWith("{", Encoding.UTF8.GetString(file[8..(8 + length)]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "a hole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "an overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "Bytes follow the last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "8 bytes expected, 7 found")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "takes 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "overflows")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", 4, "negative size")]
    [InlineData("""{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown element type 'F33'")]
    [InlineData("""{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,1]}}""", 1, "whole bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "not what the format asks for")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,4]}}""", 4, "overflows")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4398046511104]}}""", 4, "4398046511104 bytes expected")]
    [InlineData("""{"a":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,4]}}""", 4, "not what the format asks for")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,6]}}""", 6, "not what the format asks for")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "not what the format asks for")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "not what the format asks for")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "not what the format asks for")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"offsets":[0,4]}}""", 4, "unknown field 'offsets'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "needs dtype, shape and two data_offsets")]
    [InlineData(""" {}""", 0, "does not begin with '{'")]
    [InlineData("""{"a":""", 0, "not what the format asks for")]
    public void Read_of_what_the_format_forbids_says_why(string header, int content, string why)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + json.Length + content];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);

        var exception = Assert.Throws<InvalidDataException>(() => new SafetensorsReader(new MemoryStream(file)).ReadAll());
        Assert.Contains(why, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_a_name_that_is_no_utf8_is_refused()
    {
        var file = Write([("name", "F32", [1], new byte[4])], []);
        file[Array.IndexOf(file, (byte)'n')] = 0xFF;
        Assert.Contains("not what the format asks for", Assert.Throws<InvalidDataException>(() => new SafetensorsReader(new MemoryStream(file))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_a_header_beyond_the_limit_is_refused_before_it_is_read()
    {
        var file = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(file, SafetensorsHeader.MaxBytes + 1);
        Assert.Contains("at most 100000000", Assert.Throws<InvalidDataException>(() => new SafetensorsReader(new MemoryStream(file))).Message, StringComparison.Ordinal);
        BinaryPrimitives.WriteUInt64LittleEndian(file, ulong.MaxValue);
        Assert.Throws<InvalidDataException>(() => new SafetensorsReader(new MemoryStream(file)));
    }

    private static byte[] Write(List<(string Name, string Type, long[] Shape, byte[] Bytes)> tensors, Dictionary<string, string> metadata)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [.. tensors.Select(tensor => new TensorToWrite(tensor.Name, tensor.Type, tensor.Shape, target => target.Write(tensor.Bytes)))], metadata);
        return stream.ToArray();
    }
}
