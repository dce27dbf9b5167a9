using ParquetSharp;
using ParquetSharp.IO;

namespace MaeLab.Storage.Tests.Interchange;

/// <summary>Reads Parquet by Apache's own library, which is also what pyarrow is.</summary>
internal static class ParquetRows
{
    public static IReadOnlyList<IReadOnlyDictionary<string, object?>> Of(byte[] file)
    {
        using var source = new ManagedRandomAccessFile(new MemoryStream(file));
        using var reader = new ParquetFileReader(source);
        var rows = new List<IReadOnlyDictionary<string, object?>>();
        for (var i = 0; i < reader.FileMetaData.NumRowGroups; i++)
        {
            using var group = reader.RowGroup(i);
            var count = (int)group.MetaData.NumRows;
            var columns = Enumerable.Range(0, group.MetaData.NumColumns).Select(column =>
                (reader.FileMetaData.Schema.Column(column).Name, Values: Read(group, column, count))).ToList();
            rows.AddRange(Enumerable.Range(0, count).Select(row => columns.ToDictionary(column => column.Name, column => column.Values[row])));
        }

        return rows;
    }

    private static object?[] Read(RowGroupReader group, int column, int count)
    {
        using var reader = group.Column(column).LogicalReader();
        return reader.Apply(new Boxed(count));
    }

    private sealed class Boxed(int count) : ILogicalColumnReaderVisitor<object?[]>
    {
        public object?[] OnLogicalColumnReader<TValue>(LogicalColumnReader<TValue> columnReader) => [.. columnReader.ReadAll(count).Select(value => (object?)value)];
    }
}
