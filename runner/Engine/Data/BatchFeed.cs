using System.Runtime.ExceptionServices;

namespace MaeLab.Engine.Data;

/// <param name="Pixels">[N, C, S, S], normalised.</param>
/// <param name="Plan">What goes with them: the masks of pre-training, or which images they are.</param>
public sealed record Batch<TPlan>(float[] Pixels, TPlan Plan);

/// <summary>Makes one training image of an epoch, augmented.</summary>
/// <param name="result">[C, S, S]</param>
public delegate void EpochImageWriter(int image, long epoch, Span<float> result);

/// <summary>
/// Makes the batches of a training or an evaluation on threads of its own, a few ahead of the training thread, in plain memory: libtorch's thread
/// pools and TorchSharp's dispose scopes belong to the training thread. The threads share a batch image by image, so that how many
/// they are neither changes what a batch holds nor how many batches are in memory.
/// </summary>
public sealed class BatchFeed<TPlan> : IDisposable
{
    /// <summary>Enough to ride out a pause of the machine; a batch of 64 at 224 x 224 takes 38 MB.</summary>
    private const int Ahead = 3;

    /// <summary>Guards everything below it; pulsed whenever something changes for those who wait.</summary>
    private readonly object _lock = new();
    private readonly Queue<BatchInWork> _begun = new();
    private readonly List<float[]> _spare = [];
    private long _nextBatch;
    private BatchInWork? _current;
    private int[] _images = [];
    private long _orderedEpoch = -1;
    private bool _stop;

    private readonly BatchOrder _order;
    private readonly int _imageValues;
    private readonly Func<EpochImageWriter> _writer;
    private readonly Func<long, ArraySegment<int>, TPlan> _plan;
    private readonly WorkerThreads _workers;

    /// <param name="imageValues">C S S</param>
    /// <param name="writer">Called once by each thread, which has its result for itself.</param>
    /// <param name="plan">Of an epoch and some of its images.</param>
    /// <param name="firstBatch">Batches (not optimizer steps) done before, over all epochs.</param>
    /// <param name="workers">Threads; null: by the machine.</param>
    public BatchFeed(
        BatchOrder order, int imageValues, Func<EpochImageWriter> writer, Func<long, ArraySegment<int>, TPlan> plan, long firstBatch = 0, int? workers = null)
    {
        (_order, _imageValues, _writer, _plan, _nextBatch) = (order, imageValues, writer, plan, firstBatch);
        _workers = new("batches", workers ?? WorkerThreads.DefaultCount, Work);
    }

    /// <summary>The next batch; waits for it if need be.</summary>
    /// <exception cref="Training.TrainingFailedException">Bad data: one of its images cannot be decoded.</exception>
    public Batch<TPlan> Next(CancellationToken cancellationToken)
    {
        using var wake = cancellationToken.UnsafeRegister(_ => Pulse(), null);
        lock (_lock)
        {
            while (!(_begun.TryPeek(out var next) && next.IsDone))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_begun.Count == 0 && _nextBatch >= _order.Batches)
                {
                    throw new InvalidOperationException("There are no more batches.");
                }

                Monitor.Wait(_lock);
            }

            Monitor.PulseAll(_lock);
            return _begun.Dequeue().Result();
        }
    }

    /// <summary>Gives a batch's memory back for another one.</summary>
    public void Return(Batch<TPlan> batch)
    {
        lock (_lock)
        {
            _spare.Add(batch.Pixels);
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
        var write = _writer();
        while (Take() is { } taken)
        {
            var (batch, n) = taken;
            if (batch.Make(n, write))
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
                if (_stop || _nextBatch >= _order.Batches)
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
        var (epoch, from, count) = _order.Place(number);
        if (epoch != _orderedEpoch)
        {
            (_images, _orderedEpoch) = (_order.ImagesOf(epoch), epoch);
        }

        return new(epoch, new(_images, from, count), Memory(count * _imageValues), _plan);
    }

    private float[] Memory(int values)
    {
        var index = _spare.FindIndex(spare => spare.Length == values);
        if (index < 0)
        {
            return new float[values];
        }

        var found = _spare[index];
        _spare.RemoveAt(index);
        return found;
    }

    /// <param name="images">Indices of the training images.</param>
    private sealed class BatchInWork(long epoch, ArraySegment<int> images, float[] pixels, Func<long, ArraySegment<int>, TPlan> makePlan)
    {
        private readonly int _imageValues = pixels.Length / images.Count;
        private int _taken;
        private int _finished;
        private volatile bool _isDone;
        private TPlan? _plan;
        private ExceptionDispatchInfo? _failure;

        public bool HasMore => _taken < images.Count;

        public bool IsDone => _isDone;

        public int Take() => _taken++;

        /// <returns>True for the last of its images.</returns>
        public bool Make(int n, EpochImageWriter write)
        {
            try
            {
                // The plan of all goes with the first image.
                if (n == 0)
                {
                    _plan = makePlan(epoch, images);
                }

                write(images[n], epoch, pixels.AsSpan(n * _imageValues, _imageValues));
            }
            catch (Exception exception)
            {
                // Thrown again where the training thread asks for this batch.
                _failure = ExceptionDispatchInfo.Capture(exception);
            }

            return Interlocked.Increment(ref _finished) == images.Count && (_isDone = true);
        }

        public Batch<TPlan> Result()
        {
            _failure?.Throw();
            return new(pixels, _plan!);
        }
    }
}
