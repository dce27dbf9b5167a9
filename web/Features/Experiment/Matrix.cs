using MaeLab.Domain.Ablations;
using MaeLab.Domain.Runs;
using MaeLab.Domain.Statistics;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>One side of the matrix.</summary>
/// <param name="Field">Null where the experiment has no such second factor: then there is one level, null.</param>
/// <param name="Levels">JSON literals.</param>
public sealed record MatrixAxis(string? Field, IReadOnlyList<string?> Levels);

/// <summary>What the runs of one combination of levels came to.</summary>
/// <param name="Value">
/// Mean over the seeds with its 95 % interval (Student's t); null while none has a value. Where other factors are averaged
/// over, that is done within each seed first: their runs are no repetitions of each other.
/// </param>
/// <param name="Seeds">The values that the mean is over, by seed.</param>
/// <param name="Provisional">No run is complete; the values are those of runs under way.</param>
/// <param name="Members">All runs of the cell, whether they count in the mean or not.</param>
/// <param name="Cost">Of all its runs so far; null where that was not read, or none has begun.</param>
public sealed record MatrixCell(
    string? Row, string? Column, MeanInterval? Value, IReadOnlyDictionary<long, double> Seeds, bool Provisional, IReadOnlyList<RunSummary> Members, RunCost? Cost)
{
    public RunCounts Runs { get; } = RunCounts.Of(Members.Select(run => run.State));

    public IReadOnlyList<Guid> RunIds => [.. Members.Select(run => run.Id)];

    public bool IsBaseline => Members.Count > 0 && Members.All(run => run.IsBaseline);

    /// <summary>The runs that a retry would queue again.</summary>
    public IReadOnlyList<RunSummary> Retriable => [.. Members.Where(run => run.State is RunState.Failed or RunState.Cancelled)];

    /// <summary>The state that says most about the cell; null where it has no runs.</summary>
    public RunState? State =>
        Runs.Total == 0 ? null
        : Runs.Running + Runs.Stopping > 0 ? RunState.Running
        : Runs.Assigned > 0 ? RunState.Assigned
        : Runs.Queued > 0 ? RunState.Queued
        : Runs.Paused > 0 ? RunState.Paused
        : Runs.Failed > 0 ? RunState.Failed
        : Runs.Cancelled > 0 ? RunState.Cancelled
        : RunState.Completed;
}

/// <summary>Rows x columns of an experiment, in row order.</summary>
/// <param name="Varied">Factors whose levels differ within or between the cells: all that are not held.</param>
public sealed record Matrix(MatrixAxis Rows, MatrixAxis Columns, string Metric, IReadOnlyList<string> Varied, IReadOnlyList<MatrixCell> Cells)
{
    /// <summary>One value is better than another: the metric has a direction and measures the same in all cells.</summary>
    public bool IsRanked => Comparability.IsRanked(Varied, Metric);

    public MatrixCell this[int row, int column] => Cells[(row * Columns.Levels.Count) + column];

    /// <summary>The fields that span the matrix with the cell's levels of them; none where it has but one cell.</summary>
    public IEnumerable<(string Field, string Level)> LevelsOf(MatrixCell cell) =>
        new[] { (Rows.Field, Level: cell.Row), (Columns.Field, Level: cell.Column) }
            .Where(side => side.Field is not null).Select(side => (side.Field!, side.Level!));

    /// <summary>"patch size 4, mask ratio 0.75", for a sentence.</summary>
    public string WordsOf(MatrixCell cell) =>
        string.Join(", ", LevelsOf(cell).Select(side => FieldText.Level(side.Field, side.Level))) is { Length: > 0 } levels ? levels : "base recipe";

    /// <summary>The cell with the best final mean; null where none is final or no value is better than another.</summary>
    public MatrixCell? BestCell()
    {
        var metric = MetricInfo.Of(Metric);
        return !IsRanked ? null : Cells
            .Where(cell => cell is { Value: not null, Provisional: false })
            .Aggregate((MatrixCell?)null, (best, cell) => best is null || metric.IsBetter(cell.Value!.Mean, best.Value!.Mean) ? cell : best);
    }

    /// <summary>Final cells whose interval overlaps that of the best. Paired by seed they may differ all the same.</summary>
    public IReadOnlyList<MatrixCell> OnParWith(MatrixCell best) => [.. Cells.Where(cell =>
        cell != best && cell is { Provisional: false, Value: { Low: { } low, High: { } high } }
        && best.Value is { Low: { } bestLow, High: { } bestHigh } && low <= bestHigh && bestLow <= high)];

    /// <summary>The final cells against that of the baseline, paired by seed; empty where the baseline is no cell of its own.</summary>
    public IReadOnlyDictionary<MatrixCell, Comparison> AgainstBaseline()
    {
        if (Cells.FirstOrDefault(cell => cell is { IsBaseline: true, Provisional: false }) is not { } baseline)
        {
            return new Dictionary<MatrixCell, Comparison>();
        }

        var others = Cells.Where(cell => cell != baseline && cell is { Provisional: false, Value: not null }).ToList();
        return others.Zip(ComparisonFamily.Compare(baseline.Seeds, others.ConvertAll(cell => cell.Seeds))).ToDictionary();
    }

    /// <param name="runs">All of the experiment; those at other than the held levels are left out.</param>
    /// <param name="values">The metric by run; runs without one are missing or not finite, and those of <see cref="RepeatedSeeds"/> are left out.</param>
    public static Matrix Build(
        IReadOnlyList<Axis> axes, IReadOnlyList<RunSummary> runs, IReadOnlyDictionary<Guid, double> values, MatrixQuery query,
        IReadOnlyDictionary<Guid, RunCost>? costs = null)
    {
        var rows = AxisOf(axes, runs, query.Rows);
        var columns = AxisOf(axes, runs, query.Columns);
        var repeats = RepeatedSeeds.Of(runs);
        var counted = values.Where(value => !repeats.Contains(value.Key)).ToDictionary();
        var groups = runs
            .Where(run => query.Fixed.All(level => run.LevelOf(level.Key) == level.Value))
            .ToLookup(run => (LevelOf(run, query.Rows), LevelOf(run, query.Columns)));
        return new(
            rows,
            columns,
            query.Metric,
            [.. axes.Select(axis => axis.Field).Where(field => !query.Fixed.ContainsKey(field))],
            [.. rows.Levels.SelectMany(row => columns.Levels.Select(column => CellOf(row, column, [.. groups[(row, column)]], counted, costs)))]);
    }

    private static MatrixCell CellOf(
        string? row, string? column, List<RunSummary> runs, Dictionary<Guid, double> values, IReadOnlyDictionary<Guid, RunCost>? costs)
    {
        Dictionary<long, double> ValuesOf(Func<RunState, bool> which) => runs
            .Where(run => which(run.State) && values.TryGetValue(run.Id, out var value) && double.IsFinite(value))
            .GroupBy(run => run.Seed).ToDictionary(seed => seed.Key, seed => seed.Average(run => values[run.Id]));

        // A run under way is not comparable with one that is complete, so the two are never averaged together.
        var final = ValuesOf(state => state == RunState.Completed);
        var shown = final.Count > 0 ? final : ValuesOf(RunTransitions.IsActive);
        var spent = runs.Where(run => costs?.ContainsKey(run.Id) == true).Select(run => costs![run.Id]).ToList();
        return new(
            row,
            column,
            shown.Count > 0 ? MeanInterval.Of(shown.Values) : null,
            shown,
            Provisional: final.Count == 0 && shown.Count > 0,
            runs,
            spent.Count > 0 ? RunCost.Sum(spent) : null);
    }

    private static MatrixAxis AxisOf(IReadOnlyList<Axis> axes, IReadOnlyList<RunSummary> runs, string? field) => field switch
    {
        null => new(null, [null]),
        Axis.SeedField => new(field, [.. runs.Select(run => run.Seed).Distinct().Order().Select(SeedLiteral)]),
        _ => new(field, axes.FirstOrDefault(axis => axis.Field == field)?.Levels ?? []),
    };

    private static string? LevelOf(RunSummary run, string? field) => field switch
    {
        null => null,
        Axis.SeedField => SeedLiteral(run.Seed),
        _ => run.LevelOf(field),
    };

    private static string SeedLiteral(long seed) => seed.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
