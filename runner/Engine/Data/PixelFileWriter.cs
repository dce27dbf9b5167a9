using System.Runtime.ExceptionServices;

namespace MaeLab.Engine.Data;

/// <summary>Decodes all images of a set into a file, on several threads; each image goes where there is room when it is ready.</summary>
/// <param name="maxBytes">The file may not grow beyond.</param>
internal sealed class PixelFileWriter(FileStream file, ImageFiles files, long maxBytes)
{
    private static readonly TimeSpan s_lookUp = TimeSpan.FromMilliseconds(100);
    private readonly PixelFile.Entry[] _index = new PixelFile.Entry[files.Count];
    private readonly Lock _lock = new();
    private long _end = PixelFile.PixelsAt(files.Count);
    private int _next;
    private volatile bool _leave;
    private ExceptionDispatchInfo? _failure;

    /// <returns>False where the images take more room than they may, or <paramref name="isStopping"/> says so.</returns>
    /// <exception cref="Training.TrainingFailedException">Bad data: an image cannot be decoded.</exception>
    public bool Write(Func<bool> isStopping, CancellationToken cancellationToken)
    {
        var workers = new WorkerThreads("decoding", Math.Min(Environment.ProcessorCount, files.Count), Decode);
        while (!workers.Join(s_lookUp))
        {
            if (isStopping() || cancellationToken.IsCancellationRequested)
            {
                _leave = true;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        _failure?.Throw();
        return !_leave;
    }

    public void Finish(ReadOnlySpan<byte> key) => PixelFile.Finish(file, _index, key);

    private void Decode()
    {
        try
        {
            var decoder = new ImageDecoder();
            while (!_leave && Interlocked.Increment(ref _next) - 1 is var index && index < files.Count)
            {
                var image = decoder.Decode(files.Path(index));
                if (Place(image.Pixels.Length) is not { } at)
                {
                    return;
                }

                RandomAccess.Write(file.SafeFileHandle, image.Pixels, at);
                _index[index] = new(at, image.Width, image.Height);
            }
        }
        catch (Exception exception)
        {
            // Thrown again on the thread that waits.
            lock (_lock)
            {
                _failure ??= ExceptionDispatchInfo.Capture(exception);
                _leave = true;
            }
        }
    }

    private long? Place(int bytes)
    {
        lock (_lock)
        {
            var at = _end;
            _end += bytes;
            if (_end <= maxBytes)
            {
                return at;
            }

            _leave = true;
            return null;
        }
    }
}
