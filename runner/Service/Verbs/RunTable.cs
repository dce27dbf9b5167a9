using System.Globalization;

namespace MaeLab.Runner.Verbs;

/// <summary>A table of a run, <c>NAME,step,value</c>, as a CSV file that a later part of the run goes on with.</summary>
internal sealed class RunTable : IDisposable
{
    private readonly StreamWriter _file;

    /// <param name="keeps">Which rows of a table that is there already belong to the run still; null: it begins anew.</param>
    public RunTable(string path, string name, Func<string, long, bool>? keeps)
    {
        var header = $"{name},step,value";
        if (keeps is not null && File.Exists(path))
        {
            WholeFile.Write(path, stream => Copy(path, header, keeps, stream));
            _file = new(path, append: true);
        }
        else
        {
            _file = new(path);
            _file.WriteLine(header);
        }
    }

    public void Add(string name, long step, double value) => _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name},{step},{value:R}"));

    public void Flush() => _file.Flush();

    public void Dispose() => _file.Dispose();

    /// <summary>A row that a killed process wrote half of is of a step that is done again.</summary>
    private static void Copy(string path, string header, Func<string, long, bool> keeps, Stream target)
    {
        using var kept = new StreamWriter(target, leaveOpen: true);
        kept.WriteLine(header);
        foreach (var row in File.ReadLines(path).Skip(1))
        {
            if (row.Split(',') is [var name, var step, not ""] && long.TryParse(step, CultureInfo.InvariantCulture, out var of) && keeps(name, of))
            {
                kept.WriteLine(row);
            }
        }
    }
}
