using MaeLab.Storage.Configurations;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage;

/// <summary>
/// The tables of MaeLab. One writer per table: see the summary of each row. One context a query, from the factory.
/// The provider's own context (<see cref="PostgresDb"/>, <see cref="SqliteDb"/>) owns the migrations.
/// </summary>
public abstract class MaeLabDb(DbContextOptions options) : DbContext(options)
{
    public DbSet<ExperimentRow> Experiments => Set<ExperimentRow>();

    /// <summary>Runs that train. Jobs that examine one are rows of the same table, and nobody counts or compares them by mistake.</summary>
    public DbSet<RunRow> Runs => Set<RunRow>();

    /// <summary>All that waits, is placed, runs and ends alike, whatever its <see cref="RunRow.Kind"/>.</summary>
    public IQueryable<RunRow> RunsAndJobs => Runs.IgnoreQueryFilters([RunFilters.Jobs]);

    public DbSet<RunAttemptRow> RunAttempts => Set<RunAttemptRow>();

    public DbSet<RunnerRow> Runners => Set<RunnerRow>();

    public DbSet<SeriesRow> Series => Set<SeriesRow>();

    public DbSet<MetricChunkRow> MetricChunks => Set<MetricChunkRow>();

    public DbSet<MetricSummaryRow> MetricSummaries => Set<MetricSummaryRow>();

    public DbSet<PointLedgerRow> PointLedgers => Set<PointLedgerRow>();

    /// <summary>Those that hold a run's model. States of evaluations are rows of the same table, and nobody lists or restores them by mistake.</summary>
    public DbSet<CheckpointRow> Checkpoints => Set<CheckpointRow>();

    /// <summary>All that is stored and removed alike, whatever its <see cref="CheckpointRow.Kind"/>.</summary>
    public IQueryable<CheckpointRow> CheckpointsAndStates => Checkpoints.IgnoreQueryFilters();

    public DbSet<CheckpointChunkRow> CheckpointChunks => Set<CheckpointChunkRow>();

    public DbSet<ImageRow> Images => Set<ImageRow>();

    public DbSet<RunLogRow> RunLogs => Set<RunLogRow>();

    public DbSet<ProbeResultRow> ProbeResults => Set<ProbeResultRow>();

    public DbSet<AttemptOutcomeRow> AttemptOutcomes => Set<AttemptOutcomeRow>();

    public DbSet<AnnotationRow> Annotations => Set<AnnotationRow>();

    public DbSet<SavedViewRow> SavedViews => Set<SavedViewRow>();

    public DbSet<UserRow> Users => Set<UserRow>();

    public DbSet<ApiTokenRow> ApiTokens => Set<ApiTokenRow>();

    public DbSet<AuditEntryRow> AuditEntries => Set<AuditEntryRow>();

    public DbSet<DataProtectionKeyRow> DataProtectionKeys => Set<DataProtectionKeyRow>();

    public DbSet<WebhookRow> Webhooks => Set<WebhookRow>();

    public DbSet<WebhookDeliveryRow> WebhookDeliveries => Set<WebhookDeliveryRow>();

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        RaiseVersions();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        RaiseVersions();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(Lengths.Word);

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(MaeLabDb).Assembly);

    /// <summary>
    /// From the value that was read, not from the current one: a save that failed and is repeated must not raise it twice.
    /// </summary>
    private void RaiseVersions()
    {
        foreach (var entry in ChangeTracker.Entries<RunRow>().Where(e => e.State == EntityState.Modified))
        {
            var version = entry.Property(r => r.Version);
            version.CurrentValue = version.OriginalValue + 1;
        }
    }
}
