using System.Collections.Concurrent;

namespace MaeLab.Web.Live;

/// <summary>
/// One reading of the database for all pages of this process that ask the same thing at the same time: a hint wakes every browser on an
/// experiment at once. Who asks while a reading is under way waits for the one after it, which sees all that was written before
/// they asked; nobody is given anything older than the question.
/// </summary>
public sealed class SharedReading<TKey, T>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Line> _lines = new();

    /// <param name="key">Says all that the reading depends on.</param>
    /// <param name="read">Goes on where one of those who wait leaves. Its exception is everybody's.</param>
    public Task<T> ReadAsync(TKey key, Func<Task<T>> read, CancellationToken cancellationToken)
    {
        var line = _lines.GetOrAdd(key, _ => new());
        lock (line)
        {
            // On a thread of its own: not on that of the circuit that happened to ask first.
            line.Next ??= Task.Run(() => TakeTurnAsync(key, line, read), CancellationToken.None);
            return line.Next.WaitAsync(cancellationToken);
        }
    }

    private async Task<T> TakeTurnAsync(TKey key, Line line, Func<Task<T>> read)
    {
        if (line.Present is Task present)
        {
            await present.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        lock (line)
        {
            (line.Present, line.Next) = (line.Next, null);
        }

        try
        {
            return await read();
        }
        finally
        {
            lock (line)
            {
                if (line.Next is null)
                {
                    // One who has the line already still gets an answer, only not a shared one.
                    line.Present = null;
                    _lines.TryRemove(KeyValuePair.Create(key, line));
                }
            }
        }
    }

    private sealed class Line
    {
        /// <summary>Under way; whoever comes now may want what is written from now on.</summary>
        public Task<T>? Present { get; set; }

        /// <summary>Has not looked yet.</summary>
        public Task<T>? Next { get; set; }
    }
}
