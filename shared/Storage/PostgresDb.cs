using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace MaeLab.Storage;

/// <summary>MaeLab's tables on PostgreSQL.</summary>
/// <remarks>
/// A new migration, from the root of the repository (make the one of <see cref="SqliteDb"/> along with it):
/// <code>dotnet ef migrations add NAME --project shared/Storage --context PostgresDb --output-dir Migrations/Postgres</code>
/// </remarks>
public sealed class PostgresDb(DbContextOptions<PostgresDb> options) : MaeLabDb(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<RunRow>().Property(run => run.Recipe).HasColumnType("jsonb");
        StoredRecipe.MapTo(modelBuilder, (recipe, path) => StoredRecipe.Function("jsonb_extract_path_text", recipe, path));
    }
}

/// <summary>For <c>dotnet ef</c> only, which needs no server to write a migration.</summary>
internal sealed class PostgresDbDesign : IDesignTimeDbContextFactory<PostgresDb>
{
    public PostgresDb CreateDbContext(string[] args) => new(DatabaseFactory.PostgresOptions("Host=localhost;Database=maelab"));
}
