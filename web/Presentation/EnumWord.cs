namespace MaeLab.Web.Presentation;

/// <summary>Words of an address for the values of an enumeration.</summary>
public static class EnumWord
{
    /// <returns>Null where it is no such word; its case does not matter.</returns>
    public static T? Find<T>(string text)
        where T : struct, Enum =>
        // Enum.TryParse would also take numbers and lists.
        text.All(char.IsAsciiLetter) && Enum.TryParse<T>(text, ignoreCase: true, out var value) ? value : null;

    public static string Of<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
