using System.CommandLine;
using MaeLab.Domain;

namespace MaeLab.Runner.Verbs;

/// <summary>The option <c>--data NAME=DIR</c>.</summary>
internal sealed class DataFolders : Option<string[]>
{
    public DataFolders()
        : base("--data")
    {
        Description = "Folder of a data set that is not where the system keeps it; may be repeated.";
        HelpName = "NAME=DIR";
    }

    /// <returns>Folder by data set name.</returns>
    public Checked<Dictionary<string, string>> Read(ParseResult arguments)
    {
        var folders = new Dictionary<string, string>();
        foreach (var entry in arguments.GetValue(this) ?? [])
        {
            if (entry.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } folder])
            {
                return new List<FieldError> { new(Name, $"Write NAME=DIR, not {entry}.") };
            }

            folders[name] = folder;
        }

        return folders;
    }
}
