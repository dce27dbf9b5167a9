using MaeLab.Domain.Recipes;

namespace MaeLab.Engine.Training;

/// <summary>What may end a step or a long evaluation before its time; asked between batches, as the training loop asks between steps.</summary>
public sealed class Interruption(ITrainingSink sink, Recipe recipe, int channels, CancellationToken cancellationToken)
{
    /// <summary>Images of a forward pass without gradients.</summary>
    public int BatchSize { get; } = RecipeCost.EvaluationImages(recipe, channels);

    public CancellationToken Token => cancellationToken;

    /// <summary>Goes through images in batches and asks before each.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="StoppedMidwayException">The sink wants the run to stop.</exception>
    public IEnumerable<int[]> Batches(IEnumerable<int> images)
    {
        foreach (var batch in images.Chunk(BatchSize))
        {
            Check();
            yield return batch;
        }
    }

    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="StoppedMidwayException">The sink wants the run to stop.</exception>
    public void Check()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (sink.StopRequested != StopRequest.None)
        {
            throw new StoppedMidwayException();
        }
    }
}

/// <summary>A step or an evaluation was left in its midst because the run was told to stop. It gives no result and has changed nothing.</summary>
public sealed class StoppedMidwayException() : Exception("Left in the midst of a step or an evaluation: the run was told to stop.");
