using System.Reflection;
using System.Security.Cryptography;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Model;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests.Archives;

/// <summary>
/// An experiment with something in every column of every table, taken from the model: a column that is added and lost on the way
/// through an archive is seen without a test of its own.
/// </summary>
internal sealed class RandomExperiment(TestDatabase database, int seed)
{
    private static readonly string[] s_texts = ["", "plain", "two\nlines", "\"quoted\" \\ \t", "é — 你好 🜁", "{\"not\": json"];
    private static readonly double[] s_numbers = [0, 1.5, -1e-300, 5e-324, double.MaxValue / 4, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.1, 1e-5];

    private readonly Random _random = new(seed);

    /// <summary>All runs over and all attempts ended.</summary>
    public async Task<Guid> AddAsync(CancellationToken cancellationToken)
    {
        await using var db = database.Open();
        var experiment = Fill(db, new ExperimentRow { Id = NextId(), Name = "", Definition = "", Axes = "", SubmittedBy = "" });
        experiment.Tags = ["a", "b,c"];
        db.Add(experiment);
        var runners = Enumerable.Range(0, 2).Select(_ => Fill(db, new RunnerRow { Id = NextId(), Name = "", Device = "", Datasets = "" })).ToList();
        db.AddRange(runners);
        db.Add(Fill(db, new AnnotationRow { Id = experiment.Id, ExperimentId = experiment.Id }));
        var shared = Bytes(300);
        foreach (var index in Enumerable.Range(0, _random.Next(1, 4)))
        {
            await AddRunAsync(db, experiment.Id, index, runners, shared, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        return experiment.Id;
    }

    private async Task AddRunAsync(MaeLabDb db, Guid experiment, int index, List<RunnerRow> runners, byte[] shared, CancellationToken cancellationToken)
    {
        var run = Fill(db, new RunRow { Id = NextId(), ExperimentId = experiment, Levels = "", Recipe = "", Dataset = "" });
        (run.Index, run.DeletedAt, run.RunnerId) = (index, null, runners[0].Id);
        run.Recipe = """{"warmupEpochs": 0.00001, "maskRatio":0.750, "dataset": {"name": "x"}, "clipNorm": null, "seed": 9007199254740993, "axes": [1, 2.5e10, "é"]}""";
        run.State = Pick(Enum.GetValues<RunState>().Where(state => state.IsFinal()).ToArray());
        db.Add(run);
        db.Add(Fill(db, new AnnotationRow { Id = run.Id, RunId = run.Id }));
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var row = Fill(db, new RunAttemptRow { RunId = run.Id, Number = attempt });
            (row.RunnerId, row.EndedAt) = (Pick(runners.ToArray()).Id, Moment());
            db.Add(row);
            db.Add(Fill(db, new AttemptOutcomeRow { RunId = run.Id, Attempt = attempt }));
            db.Add(Fill(db, new PointLedgerRow { RunId = run.Id, Attempt = attempt }));
            db.AddRange(Enumerable.Range(0, 2).Select(_ => Fill(db, new ProbeResultRow { Id = NextId(), RunId = run.Id, Probe = "", Details = "" })));
            db.AddRange(Enumerable.Range(0, 3).Select(i => Keep(Fill(db, new ImageRow { Id = NextId(), RunId = run.Id, Kind = "", Png = [] }), image => image.Png = i == 0 ? shared : Bytes(_random.Next(1, 200)))));
            db.AddRange(Enumerable.Range(0, 3).Select(i => Keep(Fill(db, new RunLogRow { RunId = run.Id, Level = "", Text = "" }), line => (line.Attempt, line.Sequence) = (attempt, i))));
            AddCheckpoint(db, run.Id, attempt, complete: attempt == 2 || _random.Next(2) == 0);
        }

        foreach (var name in new[] { "train/loss", "probe/x" })
        {
            var series = new SeriesRow { RunId = run.Id, Name = name };
            db.Add(series);
            await db.SaveChangesAsync(cancellationToken);
            db.Add(Fill(db, new MetricSummaryRow { SeriesId = series.Id, RunId = run.Id, Name = name }, nameof(MetricSummaryRow.Name)));
            for (var attempt = 1; attempt <= 2; attempt++)
            {
                db.Add(Fill(db, new MetricChunkRow { SeriesId = series.Id, Attempt = attempt, FirstStep = _random.NextInt64(100) }));
            }
        }
    }

    private void AddCheckpoint(MaeLabDb db, Guid run, int attempt, bool complete)
    {
        var content = Bytes(_random.Next(1, 1000));
        var row = Fill(db, new CheckpointRow { Id = NextId(), RunId = run }, nameof(CheckpointRow.Kind));
        (row.Attempt, row.Final, row.Complete, row.SizeBytes, row.Sha256) =
            (attempt, attempt == 2, complete, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
        db.AddRange(row, new CheckpointChunkRow { CheckpointId = row.Id, Index = 0, Data = content });
    }

    /// <summary>Gives every column a value of its kind, but for keys, references and those that are named.</summary>
    private T Fill<T>(MaeLabDb db, T row, params string[] but)
        where T : class
    {
        foreach (var property in db.Model.FindEntityType(typeof(T))!.GetProperties()
            .Where(property => !property.IsPrimaryKey() && !property.IsForeignKey() && !but.Contains(property.Name) && property.Name != "RunId"))
        {
            property.PropertyInfo!.SetValue(row, Value(property.PropertyInfo, property.GetMaxLength() ?? 1000, property.IsNullable));
        }

        return row;
    }

    private object? Value(PropertyInfo property, int length, bool nullable)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return nullable && _random.Next(3) == 0 ? null
            : type == typeof(string) ? Pick(s_texts) + _random.Next() is var text && text.Length > length ? text[..length] : text
            : type == typeof(bool) ? _random.Next(2) == 0
            : type == typeof(int) ? _random.Next()
            : type == typeof(long) ? _random.NextInt64()
            : type == typeof(double) ? Pick(s_numbers)
            : type == typeof(Guid) ? NextId()
            : type == typeof(DateTimeOffset) ? Moment()
            : type.IsEnum ? Pick(Enum.GetValues(type).Cast<object>().ToArray())
            : type == typeof(string[]) ? Enumerable.Range(0, _random.Next(3)).Select(_ => Pick(s_texts)).ToArray()
            : type == typeof(long[]) ? Enumerable.Range(0, _random.Next(20)).Select(_ => _random.NextInt64(long.MinValue, long.MaxValue)).ToArray()
            // Any bits: payloads of NaN and the zero below zero among them.
            : type == typeof(double[]) ? Enumerable.Range(0, _random.Next(20)).Select(_ => _random.Next(2) == 0 ? Pick(s_numbers) : BitConverter.Int64BitsToDouble(_random.NextInt64(long.MinValue, long.MaxValue))).Append(-0.0).ToArray()
            : type == typeof(byte[]) ? Bytes(10)
            : throw new NotSupportedException($"The tests of archives have no values of {type.Name} for {property.Name} yet: give them some.");
    }

    private DateTimeOffset Moment() => SampleRuns.Noon.AddMicroseconds(_random.NextInt64(100_000_000_000_000));

    private Guid NextId()
    {
        var bytes = Bytes(16);
        return new(bytes);
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private T Pick<T>(T[] some) => some[_random.Next(some.Length)];

    private static T Keep<T>(T value, Action<T> change)
    {
        change(value);
        return value;
    }
}
