using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Archives;

/// <summary>What an archive says of the program that wrote it.</summary>
internal static class ThisProgram
{
    public static string Version { get; } = typeof(ThisProgram).Assembly.GetName().Version!.ToString(3);

    /// <returns>Name of the newest migration without its time, by which those of the two databases differ.</returns>
    public static string Schema(MaeLabDb db) => db.Database.GetMigrations().Last().Split('_', 2)[^1];
}
