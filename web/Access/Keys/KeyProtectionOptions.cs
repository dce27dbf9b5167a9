using MaeLab.Hosting.Options;

namespace MaeLab.Web.Access.Keys;

/// <summary>Section <c>Web:KeyProtection</c>: what the keys of cookies are encrypted with in the database. All web processes have the same; without one the keys lie there as they are.</summary>
public sealed class KeyProtectionOptions
{
    public const string Section = $"{WebOptions.Section}:KeyProtection";

    /// <summary>What a key is derived from must be hard to guess by itself: it is not made slower to try.</summary>
    public const int ShortestSecret = 32;

    public string? Secret { get; set; }

    /// <summary>A file with the secret, as secrets of containers come.</summary>
    public string? SecretFile { get; set; }

    /// <returns>Null where none is given.</returns>
    public string? ReadSecret()
    {
        var secret = SecretSetting.Read(Secret, SecretFile);
        return string.IsNullOrEmpty(secret) ? null : secret;
    }

    internal IEnumerable<OptionProblem> Check()
    {
        if (!string.IsNullOrEmpty(SecretFile) && !File.Exists(SecretFile))
        {
            yield return SecretSetting.NotThere(nameof(SecretFile), SecretFile);
        }
        else if (ReadSecret() is { Length: < ShortestSecret })
        {
            yield return new(nameof(Secret), $"must have {ShortestSecret} characters or more, all of them random: openssl rand -hex 32.");
        }
    }
}
