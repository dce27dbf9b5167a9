using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsCheck;
using MaeLab.Storage.Interchange;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Databases;

namespace MaeLab.Storage.Tests.Interchange;

/// <summary>Files of points hold exactly the points, whatever these are and whatever things are called.</summary>
public abstract class MetricExportTests(ITestDatabases databases)
{
    private const int Rounds = 6;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Csv_has_a_line_a_point_with_every_digit() => SampleAsync(MetricFormat.Csv, (given, file) =>
    {
        var lines = CsvLines.Of(Encoding.UTF8.GetString(file));
        Assert.Equal(["experiment", "run", "index", "cell", "maskRatio", "target", "seed", "series", "step", "epoch", "wall_time", "value"], lines[0]);
        AssertSame(given, lines.Skip(1).Select(line => (Number<int>(line[2]), line[7], Number<long>(line[8]), Number<double>(line[11]))));
        Assert.All(lines.Skip(1), line =>
        {
            var index = Number<int>(line[2]);
            Assert.Equal((given.Name, index, 40 + index), (line[0], Number<int>(line[3]), Number<int>(line[6])));
            Assert.Equal(index % 2 == 0 ? ("0.75", "pixels") : ("", "say \"no\", twice"), (line[4], line[5]));
            Assert.Equal(Number<long>(line[8]) * 10 / 100.0, Number<double>(line[9]));
            Assert.Equal("2026-01-02T12:00:00.123456Z", line[10]);
        });
    });

    [Fact]
    public Task Parquet_is_read_by_Apaches_reader_with_types_and_every_bit() => SampleAsync(MetricFormat.Parquet, (given, file) =>
    {
        var rows = ParquetRows.Of(file);
        AssertSame(given, rows.Select(row => ((int)row["index"]!, (string)row["series"]!, (long)row["step"]!, (double)row["value"]!)));
        Assert.All(rows, row =>
        {
            var index = (int)row["index"]!;
            Assert.Equal((given.Name, index, 40L + index), ((string)row["experiment"]!, (int)row["cell"]!, (long)row["seed"]!));
            Assert.Equal(index % 2 == 0 ? (0.75, "pixels") : ((double?)null, "say \"no\", twice"), ((double?)row["maskRatio"], (string)row["target"]!));
            Assert.Equal((long)row["step"]! * 10 / 100.0, row["epoch"]);
            Assert.Equal(ExportedExperiment.Began.UtcDateTime, row["wall_time"]);
        });
    });

    [Fact]
    public Task Event_files_have_every_point_in_single_precision_in_a_folder_a_run() => SampleAsync(MetricFormat.TensorBoard, (given, file) =>
    {
        using var zip = new ZipArchive(new MemoryStream(file));
        Assert.Equal(given.Runs.Length, zip.Entries.Count);
        Assert.All(zip.Entries, entry => Assert.Matches(@"^\d{3}_[A-Za-z0-9._=-]+/events\.out\.tfevents\.1767355200\.maelab$", entry.FullName));
        var read = zip.Entries.Select((entry, index) => (Index: index, Events: Read(entry))).ToList();
        Assert.All(read, run => Assert.Equal("brain.Event:2", run.Events[0].Version));
        var scalars = read.SelectMany(run => run.Events.Skip(1).Where(one => one.Scalar is not null).Select(one => (run.Index, one.Tag, one.Step, (double)one.Scalar!)));
        Assert.Equal(given.Lines().Select(line => (line.Index, line.Series, line.Step, (double)(float)line.Value)), scalars);
    });

    private async Task SampleAsync(MetricFormat format, Action<ExportedExperiment, byte[]> check) => await ExportedExperiment.Any.SampleAsync(
        async given =>
        {
            await using var database = await databases.CreateDatabaseAsync(Token);
            var id = await given.AddAsync(database, Token);
            // Small portions: what is cut into pieces must come together again.
            var export = new MetricExport(database.Contexts, new MetricReader(database.Contexts)) { Portion = 100 };
            using var file = new MemoryStream();
            await export.WriteAsync(await export.RunsOfAsync(id, Token), format, file, Token);
            check(given, file.ToArray());
        },
        iter: Rounds, threads: 1);

    private static void AssertSame(ExportedExperiment given, IEnumerable<(int Index, string Series, long Step, double Value)> read) =>
        Assert.Equal(
            given.Lines().Select(line => (line.Index, line.Series, line.Step, BitConverter.DoubleToInt64Bits(line.Value))),
            read.Select(line => (line.Index, line.Series, line.Step, BitConverter.DoubleToInt64Bits(line.Value))));

    private static T Number<T>(string text)
        where T : IParsable<T> => T.Parse(text, CultureInfo.InvariantCulture);

    private static IReadOnlyList<ReadEvent> Read(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        using var all = new MemoryStream();
        content.CopyTo(all);
        return ReadEvents.Of(all.ToArray());
    }
}

public sealed class MetricExportOnPostgres(PostgresServer server) : MetricExportTests(server);

public sealed class MetricExportOnSqlite(SqliteFiles files) : MetricExportTests(files);
