using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Model;

namespace MaeLab.Engine.Data;

/// <param name="Pixels">[N, C, S, S], normalised.</param>
public sealed record Batch(float[] Pixels, MaskPlan Masks);

/// <summary>
/// Makes the batches of a run on a thread of its own, a few ahead of the training thread, in plain memory: libtorch's
/// thread pools and TorchSharp's dispose scopes belong to the training thread.
/// </summary>
public sealed class BatchFeed : IDisposable
{
    /// <summary>Enough to ride out a pause of the machine; a batch of 64 at 224 x 224 takes 38 MB.</summary>
    private const int Ahead = 3;

    private readonly BlockingCollection<Batch> _ready = new(Ahead);
    private readonly ConcurrentBag<float[]> _spare = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Recipe _recipe;
    private readonly Dataset _dataset;
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;

    /// <param name="firstBatch">Batches (not optimizer steps) done before, over all epochs.</param>
    /// <param name="batchesPerEpoch">What is left over at the end of an epoch is dropped.</param>
    public BatchFeed(Recipe recipe, Dataset dataset, long firstBatch, long batchesPerEpoch)
    {
        _recipe = recipe;
        _dataset = dataset;
        _thread = new Thread(() => Produce(firstBatch, batchesPerEpoch)) { IsBackground = true, Name = "batches" };
        _thread.Start();
    }

    /// <summary>The next batch; waits for it if need be.</summary>
    public Batch Next(CancellationToken cancellationToken)
    {
        if (_ready.TryTake(out var batch, Timeout.Infinite, cancellationToken))
        {
            return batch;
        }

        _failure?.Throw();
        throw new InvalidOperationException("The run has no more batches.");
    }

    /// <summary>Gives a batch's memory back for another one.</summary>
    public void Return(Batch batch) => _spare.Add(batch.Pixels);

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _stop.Dispose();
        _ready.Dispose();
    }

    private void Produce(long batchNumber, long batchesPerEpoch)
    {
        try
        {
            var loader = new ImageLoader(_dataset, _recipe.ImageSize);
            int[] order = [];
            for (var orderedEpoch = -1L; batchNumber < _recipe.Epochs * batchesPerEpoch; batchNumber++)
            {
                var (epoch, inEpoch) = Math.DivRem(batchNumber, batchesPerEpoch);
                if (epoch != orderedEpoch)
                {
                    order = EpochOrder.Of(_recipe.Seed, epoch, _dataset.Train.Count);
                    orderedEpoch = epoch;
                }

                var images = new ArraySegment<int>(order, (int)inEpoch * _recipe.BatchSize, _recipe.BatchSize);
                _ready.Add(Make(loader, epoch, images), _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The run ends early; nobody waits for batches any more.
        }
        catch (Exception exception)
        {
            // Thrown again where the training thread asks for the batch.
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
        finally
        {
            _ready.CompleteAdding();
        }
    }

    private Batch Make(ImageLoader loader, long epoch, ArraySegment<int> images)
    {
        var pixels = _spare.TryTake(out var spare) ? spare : new float[images.Count * loader.ImageValues];
        var streams = new CounterRandom[images.Count];
        for (var n = 0; n < images.Count; n++)
        {
            loader.Augmented(images[n], _recipe.Augmentation, _recipe.Seed, epoch, pixels.AsSpan(n * loader.ImageValues, loader.ImageValues));
            streams[n] = CounterRandom.Of(_recipe.Seed, RandomPurpose.Mask, epoch, images[n]);
        }

        return new(pixels, MaskOrder.Plan(_recipe.MaskSampler, _recipe.Grid(), _recipe.VisiblePatches(), streams));
    }
}
