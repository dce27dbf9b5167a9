namespace MaeLab.Runner.Verbs;

/// <summary>Files that are whole or not there.</summary>
internal static class WholeFile
{
    /// <summary>Writes beside the file and renames at the end; where writing fails, what was there before remains.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var half = path + ".part";
        try
        {
            using (var file = File.Create(half))
            {
                write(file);
            }

            File.Move(half, path, overwrite: true);
        }
        finally
        {
            File.Delete(half);
        }
    }
}
