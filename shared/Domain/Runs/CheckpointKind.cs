namespace MaeLab.Domain.Runs;

/// <summary>What a stored state is of.</summary>
public enum CheckpointKind
{
    /// <summary>The run: its model, and all it needs to train on.</summary>
    Training,

    /// <summary>The evaluations after the last step that are trainings themselves. Nobody sees it but the attempt that goes on from it.</summary>
    Evaluation,
}
