using System.Runtime.ExceptionServices;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Model;

namespace MaeLab.Engine.Data;

/// <param name="Pixels">[N, C, S, S], normalised.</param>
public sealed record Batch(float[] Pixels, MaskPlan Masks);

/// <summary>
/// Makes the batches of a run on threads of its own, a few ahead of the training thread, in plain memory: libtorch's thread
/// pools and TorchSharp's dispose scopes belong to the training thread. The threads share a batch image by image, so that how many
/// they are neither changes what a batch holds nor how many batches are in memory.
/// </summary>
public sealed class BatchFeed : IDisposable
{
    /// <summary>Enough to ride out a pause of the machine; a batch of 64 at 224 x 224 takes 38 MB.</summary>
    private const int Ahead = 3;

    /// <summary>Guards everything below it; pulsed whenever something changes for those who wait.</summary>
    private readonly object _lock = new();
    private readonly Queue<BatchInWork> _begun = new();
    private readonly Stack<float[]> _spare = new();
    private long _nextBatch;
    private BatchInWork? _current;
    private int[] _order = [];
    private long _orderedEpoch = -1;
    private bool _stop;

    private readonly Recipe _recipe;
    private readonly Dataset _dataset;
    private readonly long _batchesPerEpoch;
    private readonly WorkerThreads _workers;

    /// <param name="firstBatch">Batches (not optimizer steps) done before, over all epochs.</param>
    /// <param name="batchesPerEpoch">What is left over at the end of an epoch is dropped.</param>
    /// <param name="workers">Threads; null: by the machine.</param>
    public BatchFeed(Recipe recipe, Dataset dataset, long firstBatch, long batchesPerEpoch, int? workers = null)
    {
        (_recipe, _dataset, _nextBatch, _batchesPerEpoch) = (recipe, dataset, firstBatch, batchesPerEpoch);
        _workers = new("batches", workers ?? WorkerThreads.DefaultCount, Work);
    }

    /// <summary>The next batch; waits for it if need be.</summary>
    /// <exception cref="Training.TrainingFailedException">Bad data: one of its images cannot be decoded.</exception>
    public Batch Next(CancellationToken cancellationToken)
    {
        using var wake = cancellationToken.UnsafeRegister(_ => Pulse(), null);
        lock (_lock)
        {
            while (!(_begun.TryPeek(out var next) && next.IsDone))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_begun.Count == 0 && _nextBatch >= _recipe.Epochs * _batchesPerEpoch)
                {
                    throw new InvalidOperationException("The run has no more batches.");
                }

                Monitor.Wait(_lock);
            }

            Monitor.PulseAll(_lock);
            return _begun.Dequeue().Result();
        }
    }

    /// <summary>Gives a batch's memory back for another one.</summary>
    public void Return(Batch batch)
    {
        lock (_lock)
        {
            _spare.Push(batch.Pixels);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _stop = true;
            Monitor.PulseAll(_lock);
        }

        _workers.Join();
    }

    private void Pulse()
    {
        lock (_lock)
        {
            Monitor.PulseAll(_lock);
        }
    }

    private void Work()
    {
        var loader = new ImageLoader(_dataset, _recipe.ImageSize);
        while (Take() is { } taken)
        {
            var (batch, n) = taken;
            if (batch.Make(n, loader))
            {
                Pulse();
            }
        }
    }

    /// <summary>The next image to be made; waits for room. Null: nothing is left to do.</summary>
    private (BatchInWork Batch, int Image)? Take()
    {
        lock (_lock)
        {
            while (_current is not { HasMore: true })
            {
                if (_stop || _nextBatch >= _recipe.Epochs * _batchesPerEpoch)
                {
                    return null;
                }

                if (_begun.Count < Ahead)
                {
                    _begun.Enqueue(_current = Begin(_nextBatch++));
                }
                else
                {
                    Monitor.Wait(_lock);
                }
            }

            return _stop ? null : (_current, _current.Take());
        }
    }

    private BatchInWork Begin(long number)
    {
        var (epoch, inEpoch) = Math.DivRem(number, _batchesPerEpoch);
        if (epoch != _orderedEpoch)
        {
            (_order, _orderedEpoch) = (EpochOrder.Of(_recipe.Seed, epoch, _dataset.Train.Count), epoch);
        }

        var values = _recipe.BatchSize * _dataset.Channels * _recipe.ImageSize * _recipe.ImageSize;
        return new(_recipe, epoch, new(_order, (int)inEpoch * _recipe.BatchSize, _recipe.BatchSize), _spare.TryPop(out var spare) ? spare : new float[values]);
    }

    /// <param name="images">Indices of the training images.</param>
    private sealed class BatchInWork(Recipe recipe, long epoch, ArraySegment<int> images, float[] pixels)
    {
        private int _taken;
        private int _finished;
        private volatile bool _isDone;
        private MaskPlan? _masks;
        private ExceptionDispatchInfo? _failure;

        public bool HasMore => _taken < images.Count;

        public bool IsDone => _isDone;

        public int Take() => _taken++;

        /// <returns>True for the last of its images.</returns>
        public bool Make(int n, ImageLoader loader)
        {
            try
            {
                // The masks of all go with the first image.
                if (n == 0)
                {
                    _masks = Masks();
                }

                loader.Augmented(images[n], recipe.Augmentation, recipe.Seed, epoch, pixels.AsSpan(n * loader.ImageValues, loader.ImageValues));
            }
            catch (Exception exception)
            {
                // Thrown again where the training thread asks for this batch.
                _failure = ExceptionDispatchInfo.Capture(exception);
            }

            return Interlocked.Increment(ref _finished) == images.Count && (_isDone = true);
        }

        public Batch Result()
        {
            _failure?.Throw();
            return new(pixels, _masks ?? throw new InvalidOperationException("The batch is not done."));
        }

        private MaskPlan Masks() => MaskOrder.Plan(recipe.MaskSampler, recipe.Grid(), recipe.VisiblePatches(),
            [.. images.Select(image => CounterRandom.Of(recipe.Seed, RandomPurpose.Mask, epoch, image))]);
    }
}
