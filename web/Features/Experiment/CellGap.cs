namespace MaeLab.Web.Features.Experiment;

/// <summary>What a cell lacks, and can be had by one click.</summary>
/// <param name="Retried">Of its runs: those that failed or were cancelled, and can be tried again.</param>
/// <param name="MissingSeeds">Of the experiment's seeds: those that it has no run of.</param>
public sealed record CellGap(MatrixCell Cell, int Retried, int MissingSeeds)
{
    /// <summary>"1 failed or cancelled run and 2 missing seeds"; empty where it lacks nothing.</summary>
    public string Words => string.Join(" and ", new[]
    {
        Count(Retried, "failed or cancelled run"),
        Cell.Runs.Total == 0 && MissingSeeds > 0 ? "all seeds" : Count(MissingSeeds, "missing seed"),
    }.OfType<string>());

    /// <param name="seeds">Of the experiment, empty where it names none and each cell has one run; null: the cell is an average over several of the experiment.</param>
    public static CellGap Of(MatrixCell cell, IReadOnlyList<long>? seeds) => new(cell, cell.Retriable.Count, seeds switch
    {
        null => 0,
        [] => cell.Runs.Total == 0 ? 1 : 0,
        _ => seeds.Except(cell.Members.Select(run => run.Seed)).Count(),
    });

    private static string? Count(int count, string what) => count == 0 ? null : $"{count} {what}{(count == 1 ? "" : "s")}";
}
