using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage;

/// <summary>
/// The tables of MaeLab. One writer per table: see the summary of each row. One context a query, from the factory.
/// The provider's own context (<see cref="PostgresDb"/>, <see cref="SqliteDb"/>) owns the migrations.
/// </summary>
public abstract class MaeLabDb(DbContextOptions options) : DbContext(options)
{
    public DbSet<ExperimentRow> Experiments => Set<ExperimentRow>();

    public DbSet<RunRow> Runs => Set<RunRow>();

    public DbSet<RunAttemptRow> RunAttempts => Set<RunAttemptRow>();

    public DbSet<RunnerRow> Runners => Set<RunnerRow>();

    public DbSet<SeriesRow> Series => Set<SeriesRow>();

    public DbSet<MetricChunkRow> MetricChunks => Set<MetricChunkRow>();

    public DbSet<MetricSummaryRow> MetricSummaries => Set<MetricSummaryRow>();

    public DbSet<CheckpointRow> Checkpoints => Set<CheckpointRow>();

    public DbSet<CheckpointChunkRow> CheckpointChunks => Set<CheckpointChunkRow>();

    public DbSet<ImageRow> Images => Set<ImageRow>();

    public DbSet<RunLogRow> RunLogs => Set<RunLogRow>();

    public DbSet<ProbeResultRow> ProbeResults => Set<ProbeResultRow>();

    public DbSet<AttemptOutcomeRow> AttemptOutcomes => Set<AttemptOutcomeRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(MaeLabDb).Assembly);
}
