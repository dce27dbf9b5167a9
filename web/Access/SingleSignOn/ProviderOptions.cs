using MaeLab.Domain.Accounts;
using MaeLab.Hosting.Options;

namespace MaeLab.Web.Access.SingleSignOn;

/// <summary>Section <c>Web:OpenIdConnect</c>: who signs users in beside their passwords. Nobody does where <see cref="Authority"/> is empty.</summary>
public sealed class ProviderOptions
{
    public const string Section = $"{WebOptions.Section}:OpenIdConnect";

    /// <summary>Address of the provider: below it lies <c>.well-known/openid-configuration</c>.</summary>
    public string? Authority { get; set; }

    public string? ClientId { get; set; }

    /// <summary>None for a public client, which has PKCE alone.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>A file with the secret, as secrets of containers come.</summary>
    public string? ClientSecretFile { get; set; }

    /// <summary>What the page for signing in calls the provider.</summary>
    public string DisplayName { get; set; } = "single sign-on";

    /// <summary>What is asked for beside <c>openid</c> and <c>profile</c>; some providers tell groups only then.</summary>
    public IReadOnlyList<string> Scopes { get; set; } = [];

    /// <summary>
    /// The claim with roles or groups. With it the provider says at each sign-in what somebody may do; without it new users are viewers, and
    /// administrators give them other roles on the page Users.
    /// </summary>
    public string? RoleClaim { get; set; }

    /// <summary>Values of <see cref="RoleClaim"/>. The highest role counts.</summary>
    public IReadOnlyList<string> AdminValues { get; set; } = [];

    /// <inheritdoc cref="AdminValues"/>
    public IReadOnlyList<string> ResearcherValues { get; set; } = [];

    /// <summary>Where there are some, whoever has no value of any role is not let in; otherwise they are viewers.</summary>
    public IReadOnlyList<string> ViewerValues { get; set; } = [];

    /// <summary>After as long the provider is asked again, whether or not somebody was there all the time: we are not told who has left.</summary>
    public TimeSpan SessionLength { get; set; } = TimeSpan.FromHours(12);

    public bool Configured => !string.IsNullOrWhiteSpace(Authority);

    /// <returns>Null where none is given.</returns>
    public string? ReadSecret() => SecretSetting.Read(ClientSecret, ClientSecretFile);

    /// <param name="values">What the role claim says.</param>
    /// <returns>Null for who is not to be let in.</returns>
    public UserRole? RoleOf(IReadOnlyCollection<string> values) =>
        Given(AdminValues).Any(values.Contains) ? UserRole.Admin
        : Given(ResearcherValues).Any(values.Contains) ? UserRole.Researcher
        : Given(ViewerValues).Any(values.Contains) || !Given(ViewerValues).Any() ? UserRole.Viewer
        : null;

    public IEnumerable<OptionProblem> Check(AccessMode access)
    {
        if (!Configured)
        {
            yield break;
        }

        if (access != AccessMode.Accounts)
        {
            yield return new(nameof(Authority), "is for Web:Access=Accounts alone; leave it out, or have accounts.");
        }

        if (!Uri.TryCreate(Authority, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || (address.Scheme == "http" && !address.IsLoopback))
        {
            yield return new(nameof(Authority), $"must be an address with https (it is {Authority}): whoever can change what comes from there can be anybody here.");
        }

        if (string.IsNullOrWhiteSpace(ClientId))
        {
            yield return new(nameof(ClientId), "is missing: what the provider calls this MaeLab.");
        }

        if (!string.IsNullOrEmpty(ClientSecretFile) && !File.Exists(ClientSecretFile))
        {
            yield return SecretSetting.NotThere(nameof(ClientSecretFile), ClientSecretFile);
        }

        if (string.IsNullOrEmpty(RoleClaim) && Given([.. AdminValues, .. ResearcherValues, .. ViewerValues]).Any())
        {
            yield return new(nameof(RoleClaim), "is missing: say which claim has the values of the roles.");
        }

        if (SessionLength <= TimeSpan.Zero)
        {
            yield return new(nameof(SessionLength), $"must be longer than zero, for example 12:00:00 (it is {SessionLength}).");
        }
    }

    /// <summary>A variable of compose.yaml that nobody set is an empty text.</summary>
    private static IEnumerable<string> Given(IReadOnlyList<string> values) => values.Where(value => !string.IsNullOrWhiteSpace(value));
}
