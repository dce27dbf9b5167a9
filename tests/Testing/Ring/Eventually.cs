using System.Diagnostics;
using Xunit;

namespace MaeLab.Testing.Ring;

/// <summary>Waits for a condition of another process, which has no event that could be awaited here.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(200);

    /// <summary>Fails the test where the condition does not hold by the deadline.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan deadline, Func<string> otherwise, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var look = new PeriodicTimer(s_lookAgain);
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > deadline)
            {
                Assert.Fail($"Not within {deadline.TotalSeconds} s: {otherwise()}");
            }

            await look.WaitForNextTickAsync(cancellationToken);
        }
    }
}
