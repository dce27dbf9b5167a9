namespace MaeLab.Contracts.Commands;

/// <summary>
/// scheduler -> one runner: execute this attempt. The recipe and the restore point are read from the database.
/// Consumed by booking the slot; training happens on its own thread. May be lost: the lease then runs out.
/// </summary>
/// <param name="Attempt">The fence: every write of the runner carries it.</param>
public sealed record StartRun(Guid RunId, Guid ExperimentId, int Attempt, Guid RunnerId);
