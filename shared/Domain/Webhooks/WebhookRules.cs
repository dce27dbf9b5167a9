using MaeLab.Domain.Runs;

namespace MaeLab.Domain.Webhooks;

/// <summary>What can be registered as a webhook.</summary>
public static class WebhookRules
{
    /// <summary>So many deliveries given up in a row, and nothing is sent until somebody switches it on again.</summary>
    public const int MaxGivenUp = 5;

    public const int LongestUrl = 2000;
    public const int ShortestSecret = 16;
    public const int LongestSecret = 200;

    /// <summary>States of a run's end, as words: what a webhook can be told of.</summary>
    public static IReadOnlyList<string> Events { get; } = [.. Enum.GetValues<RunState>().Where(state => state.IsFinal()).Select(Word)];

    public static string Word(RunState state) => state.ToString().ToLowerInvariant();

    public static IEnumerable<FieldError> Check(string? url, string? secret, IReadOnlyList<string>? events)
    {
        // Whether the address may be reached is asked when it is: a name can lead elsewhere by then.
        if (url is not null && (url.Length > LongestUrl || !Uri.TryCreate(url, UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0))
        {
            yield return new("url", $"A webhook has an address that begins with http:// or https://, without user and password, of {LongestUrl:#,0} characters at most.");
        }

        if (secret is not null && (secret.Length is < ShortestSecret or > LongestSecret || secret.Any(char.IsControl)))
        {
            yield return new("secret", $"A secret has {ShortestSecret} to {LongestSecret} characters; without one a random one is made.");
        }

        if (events is not null && (events.Count == 0 || events.Except(Events).Any()))
        {
            yield return new("events", $"Events are one or more of {string.Join(", ", Events)}.");
        }
    }
}
