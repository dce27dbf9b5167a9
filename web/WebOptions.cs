using MaeLab.Contracts;
using MaeLab.Hosting.Options;
using MaeLab.Web.Access;
using MaeLab.Web.Access.Keys;
using MaeLab.Web.Access.SingleSignOn;

namespace MaeLab.Web;

/// <summary>Configuration section <c>Web</c>.</summary>
public sealed class WebOptions : ICheckedOptions
{
    public const string Section = "Web";

    /// <summary>Who is let in. Beyond this machine web listens with accounts only.</summary>
    public AccessMode Access { get; set; }

    /// <summary>
    /// Without accounts: a token (<c>Authorization: Bearer</c>) with which programs may do everything, beside those of the page Tokens.
    /// </summary>
    public string? Token { get; set; }

    public FirstAdminOptions FirstAdmin { get; set; } = new();

    /// <summary>With accounts: who signs users in beside their passwords.</summary>
    public ProviderOptions OpenIdConnect { get; set; } = new();

    public KeyProtectionOptions KeyProtection { get; set; } = new();

    /// <summary>Requests that one token, user or, where nobody is known, address may make of the API; as many at once, and then as they come back.</summary>
    public int RequestsPerMinute { get; set; } = 6000;

    /// <summary>What is opened to be looked at and not to be changed, as the bar on every page calls it; null: changes are possible.</summary>
    public string? ReadOnly { get; set; }

    /// <summary>A runner that has not reported for this long is shown as lost; the scheduler's lease, by default.</summary>
    public TimeSpan RunnerLostAfter { get; set; } = LeaseTerm.Default;

    public IEnumerable<OptionProblem> Check()
    {
        if (Token is not null && Access == AccessMode.Accounts)
        {
            yield return new(nameof(Token), "is for Web:Access=Local alone. Leave it out; users make tokens on their page Tokens.");
        }
        else if (Token is not null && string.IsNullOrWhiteSpace(Token))
        {
            yield return new(nameof(Token), "is empty; give a long random word, or leave the setting out.");
        }

        if (FirstAdmin.PasswordFile is { } file && !File.Exists(file))
        {
            yield return SecretSetting.NotThere($"{nameof(FirstAdmin)}:{nameof(FirstAdmin.PasswordFile)}", file);
        }

        foreach (var problem in OpenIdConnect.Check(Access).Select(problem => problem with { Key = $"{nameof(OpenIdConnect)}:{problem.Key}" })
            .Concat(KeyProtection.Check().Select(problem => problem with { Key = $"{nameof(KeyProtection)}:{problem.Key}" })))
        {
            yield return problem;
        }

        if (RequestsPerMinute < 1)
        {
            yield return new(nameof(RequestsPerMinute), $"must be 1 or more (it is {RequestsPerMinute}).");
        }

        if (RunnerLostAfter <= TimeSpan.Zero)
        {
            yield return new(nameof(RunnerLostAfter), $"must be longer than zero, for example 00:00:15 (it is {RunnerLostAfter}).");
        }
    }
}
