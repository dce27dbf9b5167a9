namespace MaeLab.Web.Access;

/// <summary>The administrator that web creates where there is no user yet. Without a password it logs a link for that instead.</summary>
public sealed class FirstAdminOptions
{
    public string Name { get; set; } = "admin";

    public string? Password { get; set; }

    /// <summary>A file with the password, as secrets of containers come.</summary>
    public string? PasswordFile { get; set; }

    /// <returns>Null where none is given.</returns>
    public string? ReadPassword() => SecretSetting.Read(Password, PasswordFile);
}
