namespace MaeLab.Engine.Data;

/// <summary>
/// Threads of their own for work on images, which inherit the priority of the thread that starts them: those of the thread pool
/// would not stand back behind the rest of the machine as the training thread does.
/// </summary>
internal sealed class WorkerThreads
{
    private readonly Thread[] _threads;

    /// <param name="work">Runs on every thread; must not throw.</param>
    public WorkerThreads(string name, int count, Action work)
    {
        _threads = [.. Enumerable.Range(1, count).Select(number => new Thread(() => work()) { IsBackground = true, Name = $"{name} {number}" })];
        Array.ForEach(_threads, thread => thread.Start());
    }

    /// <summary>
    /// Half of the cores: the other half has the model, or feeds the GPU. At least two: where decoding takes as long as training, one
    /// does not get its share of the processor beside libtorch's threads, and more than are needed only sleep.
    /// </summary>
    public static int DefaultCount => Math.Max(2, Environment.ProcessorCount / 2);

    public void Join() => Array.ForEach(_threads, thread => thread.Join());

    /// <returns>False where some thread is still at work after that time.</returns>
    public bool Join(TimeSpan time) => Array.TrueForAll(_threads, thread => thread.Join(time));
}
