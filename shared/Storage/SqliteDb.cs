using MaeLab.Storage.Conversions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace MaeLab.Storage;

/// <summary>MaeLab's tables on SQLite. Converters stand in for what it lacks: arrays, moments in time, not-a-number.</summary>
/// <remarks>
/// A new migration, from the root of the repository (make the one of <see cref="PostgresDb"/> along with it):
/// <code>dotnet ef migrations add NAME --project shared/Storage --context SqliteDb --output-dir Migrations/Sqlite</code>
/// </remarks>
public sealed class SqliteDb(DbContextOptions<SqliteDb> options) : MaeLabDb(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<SqliteTimeConverter>();
        configurationBuilder.Properties<double>().HaveConversion<SqliteDoubleConverter>();
        configurationBuilder.Properties<long[]>().HaveConversion<Int64BlobConverter, NumbersComparer<long>>();
        configurationBuilder.Properties<double[]>().HaveConversion<DoubleBlobConverter, NumbersComparer<double>>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        StoredRecipe.MapTo(modelBuilder, (recipe, path) => StoredRecipe.Function("json_extract", recipe, $"$.{string.Join('.', path)}"));
    }
}

/// <summary>For <c>dotnet ef</c> only.</summary>
internal sealed class SqliteDbDesign : IDesignTimeDbContextFactory<SqliteDb>
{
    public SqliteDb CreateDbContext(string[] args) => new(DatabaseFactory.SqliteOptions("Data Source=:memory:"));
}
