namespace MaeLab.Storage;

/// <summary>The run is in the hands of a newer attempt: this one must stop and may write nothing.</summary>
public sealed class FenceLostException(Guid runId, int attempt, int current)
    : Exception($"Attempt {attempt} of run {runId} may not write any more: attempt {current} owns the run.")
{
    public Guid RunId { get; } = runId;

    public int Attempt { get; } = attempt;
}
