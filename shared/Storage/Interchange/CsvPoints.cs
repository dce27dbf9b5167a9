using System.Globalization;
using System.Text;
using MaeLab.Domain;

namespace MaeLab.Storage.Interchange;

/// <summary>Points as CSV: UTF-8, every number with all its digits, <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> as words, moments in ISO 8601.</summary>
internal static class CsvPoints
{
    private const int Buffered = 64 * 1024;

    public static async Task WriteAsync(MetricColumns columns, IAsyncEnumerable<ExportedPoints> points, Stream target, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        text.Append(CsvText.Line([
            MetricColumns.Experiment, MetricColumns.Run, MetricColumns.Index, MetricColumns.Cell, .. columns.Levels.Select(level => level.Field), MetricColumns.Seed,
            MetricColumns.Series, MetricColumns.Step, MetricColumns.Epoch, MetricColumns.WallTime, MetricColumns.Value]));
        await foreach (var portion in points)
        {
            // The same for all of them.
            var begin = CsvText.Line([.. Fields(portion.Run, columns), portion.Series]).TrimEnd('\r', '\n');
            foreach (var point in portion.Points)
            {
                text.Append(CultureInfo.InvariantCulture, $"{begin},{point.Step},{CsvText.Number(portion.Run.EpochAt(point.Step))},")
                    .Append(CultureInfo.InvariantCulture, $"{portion.Clock.At(point.Step)?.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffffZ},{CsvText.Number(point.Value)}\r\n");
                if (text.Length >= Buffered)
                {
                    await FlushAsync();
                }
            }
        }

        await FlushAsync();

        async Task FlushAsync()
        {
            await target.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
            text.Clear();
        }
    }

    private static IEnumerable<string> Fields(ExportedRun run, MetricColumns columns) =>
    [
        run.Experiment, $"{run.Id}", run.Index.ToString(CultureInfo.InvariantCulture), run.Cell.ToString(CultureInfo.InvariantCulture),
        .. columns.Levels.Select(level => level.TextOf(run) ?? ""), run.Seed.ToString(CultureInfo.InvariantCulture),
    ];
}
