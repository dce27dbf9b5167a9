namespace MaeLab.Runner.Verbs;

/// <summary>How a verb fails: messages on standard error and an exit code.</summary>
internal static class Failure
{
    /// <returns>The exit code.</returns>
    public static int Say(params IReadOnlyList<string> messages)
    {
        foreach (var message in messages)
        {
            Console.Error.WriteLine(message);
        }

        return 1;
    }
}
