namespace MaeLab.Storage;

/// <summary>The database has a schema that this program does not know; no waiting changes that.</summary>
public sealed class NewerDatabaseException(IEnumerable<string> unknownMigrations) : Exception(
    $"The database is newer than this program: it has the migrations {string.Join(", ", unknownMigrations)}, which this program does not know. "
    + $"Update the program, or point {StorageOptions.Section}:{nameof(StorageOptions.ConnectionString)} to another database.");
