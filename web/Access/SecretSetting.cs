using MaeLab.Hosting.Options;

namespace MaeLab.Web.Access;

/// <summary>A secret of the settings: as it is, or in a file, as secrets of containers come.</summary>
internal static class SecretSetting
{
    /// <returns>What the file has, where one is named; else the value.</returns>
    public static string? Read(string? value, string? file) => string.IsNullOrEmpty(file) ? value : File.ReadAllText(file).Trim();

    /// <param name="name">Of the setting that names the file.</param>
    public static OptionProblem NotThere(string name, string file) => new(name, $"names a file that is not there: {file}.");
}
