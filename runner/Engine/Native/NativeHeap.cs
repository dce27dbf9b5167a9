using System.Runtime.InteropServices;

namespace MaeLab.Engine.Native;

/// <summary>What the C heap keeps of a finished run.</summary>
public static partial class NativeHeap
{
    /// <summary>
    /// Gives freed memory back to the system. glibc keeps it in the arenas of the threads that freed it, and every run has
    /// threads of its own: after 12 runs of <c>nano</c> in one process 1,728 MB were held, 435 MB after this call.
    /// </summary>
    public static void GiveBack()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Trim(0);
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
