using MaeLab.Storage;
using MaeLab.Storage.Archives;

namespace MaeLab.Local;

/// <summary>Archives that are brought into the data folder before anything else starts there.</summary>
internal static class ImportedArchives
{
    /// <returns>False where one is not as it should be, which it has said then.</returns>
    public static async Task<bool> ImportAsync(LocalSettings settings)
    {
        if (settings.Imported.Count == 0)
        {
            return true;
        }

        try
        {
            foreach (var experiment in await OpenedArchives.ImportAsync(StorageOptions.SqliteFile(settings.DatabaseFile), settings.Imported))
            {
                Console.WriteLine(experiment);
            }

            return true;
        }
        catch (NewerDatabaseException newer)
        {
            await Console.Error.WriteLineAsync(newer.Message);
            return false;
        }
        catch (ArchiveException wrong)
        {
            await Console.Error.WriteLineAsync($"{wrong.Message} Nothing was imported from this file.");
            return false;
        }
    }
}
