using MaeLab.Domain.Runs;
using MaeLab.Storage.Model;

namespace MaeLab.Storage.Runs;

/// <summary>What <see cref="RunTransitions"/> says of states, for queries.</summary>
public static class RunQueries
{
    private static readonly RunState[] s_final = [.. Enum.GetValues<RunState>().Where(state => state.IsFinal())];

    /// <summary>Jobs alone.</summary>
    public static IQueryable<RunRow> Jobs(this MaeLabDb db) => db.RunsAndJobs.Where(run => run.Kind == RunKind.Theory);

    /// <summary>The runs that are over.</summary>
    public static IQueryable<RunRow> WhereFinal(this IQueryable<RunRow> runs) => runs.Where(run => s_final.Contains(run.State));

    /// <summary>The runs that are not over.</summary>
    public static IQueryable<RunRow> WhereOpen(this IQueryable<RunRow> runs) => runs.Where(run => !s_final.Contains(run.State));
}
