using System.Globalization;
using System.Text.Json;

namespace MaeLab.Storage.Interchange;

/// <summary>The columns of a table of points: a row a point, which is what plotting libraries group and filter.</summary>
/// <param name="Levels">Fields of the cells' levels; of some runs, in this order.</param>
internal sealed record MetricColumns(IReadOnlyList<LevelColumn> Levels)
{
    public const string Experiment = "experiment";
    public const string Run = "run";
    public const string Index = "index";
    public const string Cell = "cell";
    public const string Seed = "seed";
    public const string Series = "series";
    public const string Step = "step";
    public const string Epoch = "epoch";
    public const string WallTime = "wall_time";
    public const string Value = "value";

    public static MetricColumns Of(IEnumerable<ExportedRun> runs)
    {
        var literals = runs.SelectMany(run => run.Levels).ToLookup(level => level.Field, level => level.Literal);
        return new([.. literals.Select(field => new LevelColumn(field.Key, field.All(IsNumber)))]);
    }

    /// <summary>Null is a level too: of a field that is left unset.</summary>
    private static bool IsNumber(string literal) => literal == "null" || double.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}

/// <param name="IsNumber">All its levels are; else they are texts.</param>
internal sealed record LevelColumn(string Field, bool IsNumber)
{
    public double? NumberOf(ExportedRun run) => LiteralOf(run) is { } literal ? double.Parse(literal, CultureInfo.InvariantCulture) : null;

    public string? TextOf(ExportedRun run) => LiteralOf(run) is ['"', ..] text ? JsonSerializer.Deserialize<string>(text) : LiteralOf(run);

    private string? LiteralOf(ExportedRun run) => run.Levels.FirstOrDefault(level => level.Field == Field).Literal is { } literal and not "null" ? literal : null;
}
