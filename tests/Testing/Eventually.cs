using System.Diagnostics;
using Xunit;

namespace MaeLab.Testing;

/// <summary>
/// Waits for what several services or processes bring about together, where no single event could be awaited, and says
/// what did not come about.
/// </summary>
public static class Eventually
{
    /// <summary>Long enough for a busy CI machine; what is there is seen at once.</summary>
    private static readonly TimeSpan s_usualDeadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(20);

    /// <param name="look">Gives what is waited for, or null while it is not there.</param>
    /// <param name="within">30 seconds where null.</param>
    /// <param name="details">Added to the message of the failure.</param>
    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> look, TimeSpan? within = null, Func<string>? details = null)
    {
        var (began, deadline) = (Stopwatch.GetTimestamp(), within ?? s_usualDeadline);
        while (true)
        {
            if (await look() is { } found)
            {
                return found;
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < deadline, $"There was no {what} within {deadline.TotalSeconds:F0} s. {details?.Invoke()}");
            await Task.Delay(s_lookAgain, TestContext.Current.CancellationToken);
        }
    }
}
