namespace MaeLab.Storage.Checkpoints;

public sealed class CheckpointCorruptException(Guid id, string expected, string actual)
    : Exception($"Checkpoint {id} is damaged: its content has SHA-256 {actual}, stored was {expected}. An earlier checkpoint can be used instead.")
{
    public Guid Id { get; } = id;
}
