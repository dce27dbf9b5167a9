using System.Diagnostics;
using System.Globalization;
using MaeLab.Domain.Metrics;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Model;
using MaeLab.Testing.Databases;
using Npgsql;
using NpgsqlTypes;

namespace MaeLab.Benchmarks.Storage;

/// <summary>
/// Metric points a second that the shippers of eight runs bring into PostgreSQL at once, against bare binary COPY of the same full
/// chunks by Npgsql's importer from as many connections into a table with the same key and the same reference, turn by turn.
/// </summary>
public static class IngestBenchmark
{
    private const int Runs = 8;
    private const int SeriesPerRun = 15;
    private const int Flushes = 40;

    /// <summary>Of one series in one flush: what the shippers' 0.4 s bring at a million points a second in all.</summary>
    private const int PointsPerFlush = 3333;

    private const int ChunkSize = 256;
    private const int Rounds = 5;
    private const long PointsPerRound = (long)Runs * SeriesPerRun * Flushes * PointsPerFlush;

    /// <summary>A loss with noise in every digit, as real ones have.</summary>
    private static readonly double[] s_values =
        [.. Enumerable.Range(0, Flushes * PointsPerFlush).Select(step => (1 + Math.Sin(step * 12.9898)) / (1 + (step * 1e-3)))];

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var server = new PostgresServer();
        await using var database = await server.CreateDatabaseAsync(cancellationToken);
        await using (var connection = await ConnectAsync(database, cancellationToken))
        {
            await using var create = new NpgsqlCommand(
                """
                CREATE TABLE bare_chunks (LIKE metric_chunks INCLUDING ALL);
                ALTER TABLE bare_chunks SET (toast_tuple_target = 128);
                ALTER TABLE bare_chunks ADD FOREIGN KEY (series_id) REFERENCES series ON DELETE CASCADE
                """, connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        List<double> ours = [], bare = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var shipped = await ShipAsync(database, cancellationToken);
            var copied = await CopyAsync(database, round, cancellationToken);
            if (round > 0) // the first one compiles and warms up everything
            {
                (ours, bare) = ([.. ours, shipped], [.. bare, copied]);
            }
        }

        var ratio = Distribution.Median(ours.Zip(bare, (us, them) => us / them));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"ingest, {Runs} runs at once: {Distribution.Median(ours) / 1e6:F2} million points/s, bare COPY {Distribution.Median(bare) / 1e6:F2}, {ratio:P0} of it (medians of {Rounds} rounds)"));
    }

    /// <returns>Points a second.</returns>
    private static async Task<double> ShipAsync(TestDatabase database, CancellationToken cancellationToken)
    {
        var writers = new List<MetricWriter>();
        for (var run = 0; run < Runs; run++)
        {
            var id = await database.AddRunAsync(cancellationToken);
            writers.Add(await MetricWriter.OpenAsync(database.Contexts, id, attempt: 1, restoreStep: 0, cancellationToken));
        }

        return await RateAsync(n => ShipAsync(writers[n], cancellationToken));
    }

    private static async Task ShipAsync(MetricWriter writer, CancellationToken cancellationToken)
    {
        string[] names = [.. Enumerable.Range(0, SeriesPerRun).Select(n => $"bench/{n}")];
        var points = new List<MetricPoint>(SeriesPerRun * PointsPerFlush);
        for (var flush = 0; flush < Flushes; flush++)
        {
            points.Clear();
            for (long step = flush * PointsPerFlush; step < (flush + 1) * PointsPerFlush; step++)
            {
                foreach (var name in names)
                {
                    points.Add(new(name, step, s_values[step]));
                }
            }

            writer.Add(points);
            await writer.FlushAsync(cancellationToken);
        }
    }

    /// <returns>Points a second.</returns>
    private static Task<double> CopyAsync(TestDatabase database, int round, CancellationToken cancellationToken) =>
        RateAsync(async n =>
        {
            await using var connection = await ConnectAsync(database, cancellationToken);
            for (var flush = 0; flush < Flushes; flush++)
            {
                await using var copy = await connection.BeginBinaryImportAsync(
                    "COPY bare_chunks (series_id, attempt, first_step, last_step, count, nan_count, min, max, last, steps, values) FROM STDIN (FORMAT BINARY)",
                    cancellationToken);
                foreach (var chunk in Chunks(series: 1 + (((round * Runs) + n) * SeriesPerRun), flush))
                {
                    await WriteAsync(copy, chunk, cancellationToken);
                }

                await copy.CompleteAsync(cancellationToken);
            }
        });

    private static async Task WriteAsync(NpgsqlBinaryImporter copy, MetricChunkRow chunk, CancellationToken cancellationToken)
    {
        await copy.StartRowAsync(cancellationToken);
        await copy.WriteAsync(chunk.SeriesId, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(chunk.Attempt, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(chunk.FirstStep, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(chunk.LastStep, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(chunk.Count, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(chunk.NanCount, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(chunk.Min, NpgsqlDbType.Double, cancellationToken);
        await copy.WriteAsync(chunk.Max, NpgsqlDbType.Double, cancellationToken);
        await copy.WriteAsync(chunk.Last, NpgsqlDbType.Double, cancellationToken);
        await copy.WriteAsync(chunk.Steps, NpgsqlDbType.Array | NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(chunk.Values, NpgsqlDbType.Array | NpgsqlDbType.Double, cancellationToken);
    }

    /// <summary>The chunks that become full within one flush of one run.</summary>
    private static IEnumerable<MetricChunkRow> Chunks(int series, int flush)
    {
        long from = flush * PointsPerFlush / ChunkSize, to = (flush + 1) * PointsPerFlush / ChunkSize;
        for (var number = from; number < to; number++)
        {
            var first = number * ChunkSize;
            var values = s_values.AsSpan((int)first, ChunkSize).ToArray();
            for (var n = 0; n < SeriesPerRun; n++)
            {
                yield return new()
                {
                    SeriesId = series + n,
                    Attempt = 1,
                    FirstStep = first,
                    LastStep = first + ChunkSize - 1,
                    Count = ChunkSize,
                    Min = values[^1],
                    Max = values[0],
                    Last = values[^1],
                    Values = values,
                };
            }
        }
    }

    private static async Task<double> RateAsync(Func<int, Task> shipper)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Runs).Select(n => Task.Run(() => shipper(n))));
        return PointsPerRound / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<NpgsqlConnection> ConnectAsync(TestDatabase database, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(database.Options.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
