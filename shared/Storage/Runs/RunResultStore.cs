using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Runs;

/// <summary>What an attempt leaves behind besides series and checkpoints. Every write checks the fence in its transaction.</summary>
public sealed class RunResultStore(IDbContextFactory<MaeLabDb> databases)
{
    /// <exception cref="FenceLostException">A newer attempt owns the run.</exception>
    public Task AddLogsAsync(Guid runId, int attempt, IReadOnlyList<RunLogRow> lines, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Images and probe results of one evaluation, all or none; repeating it replaces those of the same attempt and step.</summary>
    /// <exception cref="FenceLostException">A newer attempt owns the run.</exception>
    public Task SaveEvaluationAsync(
        Guid runId, int attempt, long step, IReadOnlyList<ImageRow> images, IReadOnlyList<ProbeResultRow> probes, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>The last write of an attempt.</summary>
    /// <exception cref="FenceLostException">A newer attempt owns the run.</exception>
    public Task SaveOutcomeAsync(AttemptOutcomeRow outcome, CancellationToken cancellationToken) => throw new NotImplementedException();

    private readonly IDbContextFactory<MaeLabDb> _databases = databases;
}
