using MaeLab.Engine.Training;

namespace MaeLab.Engine.Evaluation;

/// <summary>What may end a long evaluation before its time; asked between batches, as the training loop asks between steps.</summary>
public sealed class Interruption(ITrainingSink sink, CancellationToken cancellationToken)
{
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="EvaluationStoppedException">The sink wants the run to stop.</exception>
    public void Check()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (sink.StopRequested != StopRequest.None)
        {
            throw new EvaluationStoppedException();
        }
    }
}

/// <summary>An evaluation was left in its midst because the run was told to stop. It gives no result and has changed nothing.</summary>
public sealed class EvaluationStoppedException() : Exception("The evaluation was left in its midst: the run was told to stop.");
