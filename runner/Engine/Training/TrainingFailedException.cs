using MaeLab.Domain.Runs;

namespace MaeLab.Engine.Training;

/// <summary>A run that cannot go on, with the reason in the platform's words and a sentence for its owner.</summary>
public sealed class TrainingFailedException(ReasonCode reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public ReasonCode Reason { get; } = reason;
}
