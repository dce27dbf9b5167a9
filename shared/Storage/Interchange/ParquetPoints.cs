using MaeLab.Storage.Archives;
using Parquet;
using Parquet.Schema;

namespace MaeLab.Storage.Interchange;

/// <summary>Points as Parquet with the columns of the CSV file, typed: a row group holds the points of many short series, or a part of a long one.</summary>
internal sealed class ParquetPoints
{
    private const int RowsAGroup = 262_144;

    private readonly List<Column> _columns;
    private readonly int _rowsAGroup;

    private ParquetPoints(MetricColumns columns, int rowsAGroup)
    {
        _rowsAGroup = rowsAGroup;
        _columns =
        [
            Text(MetricColumns.Experiment, (points, _) => points.Run.Experiment),
            Text(MetricColumns.Run, (points, _) => $"{points.Run.Id}"),
            Number(new DataField<int>(MetricColumns.Index), (points, _) => points.Run.Index),
            Number(new DataField<int>(MetricColumns.Cell), (points, _) => points.Run.Cell),
            .. columns.Levels.Select(level => level.IsNumber
                ? Optional(new DataField<double?>(level.Field), (points, _) => level.NumberOf(points.Run))
                : Text(level.Field, (points, _) => level.TextOf(points.Run))),
            Number(new DataField<long>(MetricColumns.Seed), (points, _) => points.Run.Seed),
            Text(MetricColumns.Series, (points, _) => points.Series),
            Number(new DataField<long>(MetricColumns.Step), (points, i) => points.Points[i].Step),
            Optional(new DataField<double?>(MetricColumns.Epoch), (points, i) => points.Run.EpochAt(points.Points[i].Step)),
            Optional(
                new DateTimeDataField(MetricColumns.WallTime, DateTimeFormat.DateAndTimeMicros, isAdjustedToUTC: true, isNullable: true),
                (points, i) => points.Clock.At(points.Points[i].Step)?.UtcDateTime),
            Number(new DataField<double>(MetricColumns.Value), (points, i) => points.Points[i].Value),
        ];
    }

    public static async Task WriteAsync(
        MetricColumns columns, IAsyncEnumerable<ExportedPoints> points, Stream target, CancellationToken cancellationToken, int rowsAGroup = RowsAGroup)
    {
        await using var forward = new MeasuredStream(target);
        await new ParquetPoints(columns, rowsAGroup).WriteAsync(points, forward, cancellationToken);
        await forward.DrainAsync(cancellationToken);
    }

    private async Task WriteAsync(IAsyncEnumerable<ExportedPoints> points, Stream target, CancellationToken cancellationToken)
    {
        var schema = new ParquetSchema([.. _columns.Select(column => column.Field)]);
        await using var file = await ParquetWriter.CreateAsync(schema, target, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }, cancellationToken: cancellationToken);
        var (group, rows) = (new List<ExportedPoints>(), 0);
        await foreach (var portion in points)
        {
            group.Add(portion);
            rows += portion.Points.Count;
            if (rows >= _rowsAGroup)
            {
                await WriteGroupAsync(file, group);
                (group, rows) = ([], 0);
            }
        }

        if (rows > 0)
        {
            await WriteGroupAsync(file, group);
        }
    }

    private async Task WriteGroupAsync(ParquetWriter file, List<ExportedPoints> group)
    {
        using var writer = file.CreateRowGroup();
        foreach (var column in _columns)
        {
            await column.WriteAsync(writer, group);
        }
    }

    private sealed record Column(DataField Field, Func<ParquetRowGroupWriter, List<ExportedPoints>, Task> WriteAsync);

    private static Column Text(string name, Func<ExportedPoints, int, string?> of)
    {
        var field = new DataField(name, typeof(string), isNullable: true);
        return new(field, (writer, group) => writer.WriteAsync(field, Values(group, of)!));
    }

    private static Column Number<T>(DataField field, Func<ExportedPoints, int, T> of)
        where T : struct => new(field, (writer, group) => writer.WriteAsync<T>(field, Values(group, of)));

    private static Column Optional<T>(DataField field, Func<ExportedPoints, int, T?> of)
        where T : struct => new(field, (writer, group) => writer.WriteAsync<T>(field, Values(group, of)));

    private static T[] Values<T>(List<ExportedPoints> group, Func<ExportedPoints, int, T> of) =>
        [.. group.SelectMany(points => Enumerable.Range(0, points.Points.Count).Select(i => of(points, i)))];
}
