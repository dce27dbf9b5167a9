using System.Runtime.InteropServices;
using TorchSharp;

namespace MaeLab.Engine.Native;

/// <summary>How libtorch uses the processor, and before that the heap.</summary>
public static partial class NativeThreads
{
    private static readonly Lazy<bool> s_prepared = new(PrepareOnce);

    /// <summary>
    /// For how many turns a worker thread of libtorch looks for its next piece before it sleeps, some tenths of a millisecond: about what
    /// lies between two pieces of a step. Sleeping at once costs a small model a tenth to a fifth of its speed.
    /// </summary>
    private const string SpinCount = "20000";

    /// <summary>
    /// Makes libtorch's worker threads sleep soon, not spin, while they wait: spinning on starves whatever else runs on the machine,
    /// the web server of the one-process product included (measured on 2 cores, one of them busy: 61 images/s against 109).
    /// libgomp reads the variable when it is loaded, and .NET's SetEnvironmentVariable does not reach native code:
    /// hence setenv, first thing in Program. Everything in the engine that is about to load libtorch calls it too.
    /// </summary>
    public static void Prepare() => _ = s_prepared.Value;

    /// <summary>Sets libtorch's thread count for work started from the calling thread.</summary>
    /// <param name="threads">0: one a core.</param>
    public static void Use(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        Prepare();
        torch.set_num_threads(threads == 0 ? Environment.ProcessorCount : threads);
    }

    private static bool PrepareOnce()
    {
        NativeHeap.Keep();

        // Windows and macOS builds of libtorch bring other OpenMP libraries, which sleep by themselves after a while.
        return OperatingSystem.IsLinux()
            && SetEnvironment("OMP_WAIT_POLICY", "passive", overwrite: 0) == 0
            && SetEnvironment("GOMP_SPINCOUNT", SpinCount, overwrite: 0) == 0;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
