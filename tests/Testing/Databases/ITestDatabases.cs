namespace MaeLab.Testing.Databases;

/// <summary>Where a test gets its database from; lets one suite run against PostgreSQL and SQLite.</summary>
public interface ITestDatabases
{
    /// <summary>A migrated database.</summary>
    Task<TestDatabase> CreateDatabaseAsync(CancellationToken cancellationToken);

    /// <summary>A database with nothing in it.</summary>
    Task<TestDatabase> CreateEmptyDatabaseAsync(CancellationToken cancellationToken);

    /// <summary>The address of a database that does not exist yet.</summary>
    Task<TestDatabase> CreateMissingDatabaseAsync(CancellationToken cancellationToken);
}
