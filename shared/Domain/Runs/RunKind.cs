namespace MaeLab.Domain.Runs;

/// <summary>What a runner does with a run.</summary>
public enum RunKind
{
    Training,

    /// <summary>Looks at a checkpoint of another run with every theory probe: a job. Its steps are probes.</summary>
    Theory,
}
