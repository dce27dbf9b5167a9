using System.Text;

namespace MaeLab.Web.Presentation;

/// <summary>Names of what is saved.</summary>
public static class FileNames
{
    private const int MaxLength = 80;

    /// <summary>"mask-ratio-x-patch-size_train-loss" of an experiment's name and a metric: letters and digits that every file system takes.</summary>
    public static string Of(params IEnumerable<string> parts)
    {
        var name = string.Join('_', parts.Select(Slug).Where(part => part.Length > 0));
        return name.Length > MaxLength ? name[..MaxLength] : name;
    }

    private static string Slug(string text)
    {
        var slug = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (char.IsLetterOrDigit(letter))
            {
                slug.Append(char.ToLowerInvariant(letter));
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString().TrimEnd('-');
    }
}
