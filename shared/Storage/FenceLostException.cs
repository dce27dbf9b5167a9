namespace MaeLab.Storage;

/// <summary>The run is in the hands of another attempt, or no longer there: this one must stop and may write nothing.</summary>
/// <param name="current">Null: the run was deleted.</param>
public sealed class FenceLostException(Guid runId, int attempt, int? current)
    : Exception(
        $"Attempt {attempt} of run {runId} may not write any more: "
        + (current is null ? "the run was deleted." : current == attempt ? "it was taken back." : $"attempt {current} owns the run."))
{
    public Guid RunId { get; } = runId;

    public int Attempt { get; } = attempt;
}
