using Microsoft.Data.Sqlite;

namespace MaeLab.Storage;

public enum StorageProvider
{
    Sqlite,
    Postgres,
}

/// <summary>Configuration section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    public StorageProvider Provider { get; set; } = StorageProvider.Postgres;

    public string ConnectionString { get; set; } = "";

    /// <summary>The connection string of an SQLite file, whatever characters its path has.</summary>
    public static string SqliteFile(string path) => new SqliteConnectionStringBuilder { DataSource = path }.ConnectionString;
}
