using System.Runtime.InteropServices;

namespace MaeLab.Runner.Execution;

/// <summary>A thread of its own for a training loop, behind everything else the machine has to do.</summary>
internal static partial class TrainingThread
{
    // Of the 20 steps below normal; enough that a web request or a report is served at once.
    private const int Niceness = 10;

    public static Task<T> Start<T>(string name, Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            StepBack();
            try
            {
                done.SetResult(work());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        })
        {
            IsBackground = true,
            Name = name,
            Priority = ThreadPriority.BelowNormal,
        };
        thread.Start();
        return done.Task;
    }

    /// <summary>
    /// .NET's thread priorities do nothing on Linux. There niceness belongs to the thread, and the OpenMP workers that it
    /// starts inherit it.
    /// </summary>
    private static void StepBack()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(which: 0, who: 0, Niceness);
        }
    }

    /// <param name="which">0: a process, which on Linux means a thread.</param>
    /// <param name="who">0: the calling one.</param>
    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int niceness);
}
