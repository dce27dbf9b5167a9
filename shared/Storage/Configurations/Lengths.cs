namespace MaeLab.Storage.Configurations;

/// <summary>
/// Limits of short columns. Sentences written by people or by failures have none: a long message must never be the
/// reason why an outcome cannot be stored.
/// </summary>
internal static class Lengths
{
    /// <summary>Names of experiments, data sets, runners, series, users.</summary>
    public const int Name = 200;

    /// <summary>Addresses by which others name themselves.</summary>
    public const int Address = 500;

    /// <summary>What OpenID Connect allows a subject to have.</summary>
    public const int Subject = 255;

    /// <summary>Enums and other fixed words.</summary>
    public const int Word = 32;

    /// <summary>Lower-case hex.</summary>
    public const int Sha256 = 64;
}
