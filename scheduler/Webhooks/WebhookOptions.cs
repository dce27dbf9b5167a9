using MaeLab.Hosting.Options;

namespace MaeLab.Scheduler.Webhooks;

/// <summary>Configuration section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions : ICheckedOptions
{
    public const string Section = "Webhooks";

    /// <summary>A receiver that has not answered for this long has failed.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause after the first failure; each further one is four times as long, to <see cref="LongestPause"/>.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>With the usual settings some nine hours pass until a delivery is given up.</summary>
    public int MaxTries { get; set; } = 8;

    /// <summary>
    /// Whether receivers may be on this machine or in the local network. Off: whoever may register a webhook could otherwise have the
    /// scheduler speak to what only it can reach.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }

    internal static TimeSpan LongestPause { get; } = TimeSpan.FromHours(6);

    public IEnumerable<OptionProblem> Check()
    {
        if (Timeout <= TimeSpan.Zero)
        {
            yield return new(nameof(Timeout), $"must be longer than zero, for example 00:00:10 (it is {Timeout}).");
        }

        if (FirstPause <= TimeSpan.Zero)
        {
            yield return new(nameof(FirstPause), $"must be longer than zero, for example 00:00:10 (it is {FirstPause}).");
        }

        if (MaxTries < 1)
        {
            yield return new(nameof(MaxTries), $"must be at least 1 (it is {MaxTries}).");
        }
    }

    /// <param name="tries">Made so far.</param>
    internal TimeSpan PauseAfter(int tries)
    {
        var pause = FirstPause * Math.Pow(4, Math.Min(tries, 30) - 1);
        return pause < LongestPause ? pause : LongestPause;
    }
}
