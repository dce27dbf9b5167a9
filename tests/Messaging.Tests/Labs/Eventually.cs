namespace MaeLab.Messaging.Tests.Labs;

/// <summary>Waits for what several processes bring about together, and says what did not come about.</summary>
internal static class Eventually
{
    /// <summary>Long enough for a busy CI machine; a condition that holds is seen at once.</summary>
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(20);

    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> look)
    {
        var deadline = DateTime.UtcNow + s_deadline;
        while (true)
        {
            if (await look() is { } found)
            {
                return found;
            }

            Assert.True(DateTime.UtcNow < deadline, $"There was no {what} within {s_deadline.TotalSeconds:F0} s.");
            await Task.Delay(s_lookAgain, TestContext.Current.CancellationToken);
        }
    }
}
