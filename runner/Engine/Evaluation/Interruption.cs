using MaeLab.Engine.Training;

namespace MaeLab.Engine.Evaluation;

/// <summary>What may end a long evaluation before its time; asked between batches, as the training loop asks between steps.</summary>
public sealed class Interruption(ITrainingSink sink, CancellationToken cancellationToken)
{
    /// <summary>Images of a forward pass without gradients: enough to fill the processor.</summary>
    public const int Batch = 128;

    public CancellationToken Token => cancellationToken;

    /// <summary>Goes through images in batches and asks before each.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="EvaluationStoppedException">The sink wants the run to stop.</exception>
    public IEnumerable<int[]> Batches(IEnumerable<int> images)
    {
        foreach (var batch in images.Chunk(Batch))
        {
            Check();
            yield return batch;
        }
    }

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
