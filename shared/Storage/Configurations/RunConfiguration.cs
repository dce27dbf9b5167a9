using MaeLab.Domain.Runs;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MaeLab.Storage.Configurations;

internal sealed class RunConfiguration : IEntityTypeConfiguration<RunRow>
{
    /// <summary>As the query filters say it.</summary>
    private const string Listed = "kind = 'Training' AND deleted_at IS NULL";

    public void Configure(EntityTypeBuilder<RunRow> builder)
    {
        builder.HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Dataset).HasMaxLength(Lengths.Name);
        builder.Property(r => r.Version).IsConcurrencyToken();
        builder.HasQueryFilter(RunFilters.Deleted, r => r.DeletedAt == null);
        builder.HasQueryFilter(RunFilters.Jobs, r => r.Kind == RunKind.Training);
        builder.HasOne<ExperimentRow>().WithMany().HasForeignKey(r => r.ExperimentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<RunRow>().WithMany().HasForeignKey(r => r.SubjectRunId).OnDelete(DeleteBehavior.Cascade);

        builder.HasIndex(r => new { r.ExperimentId, r.Index }).IsUnique().HasFilter("kind = 'Training'");
        // The jobs of a run, few beside the runs.
        builder.HasIndex(r => r.SubjectRunId).HasFilter("subject_run_id IS NOT NULL");
        // The scheduler's queue: how many wait of each kind, and the first of a kind. Ended runs would only be in the way.
        builder.HasIndex(r => new { r.ExperimentId, r.Priority, r.Dataset, r.Device, r.Position, r.NotBefore }, "ix_runs_queue").HasFilter("state = 'Queued'");
        // What is under way, and lists by state.
        builder.HasIndex(r => new { r.State, r.Priority, r.CreatedAt }).IsDescending(false, true, false);
        builder.HasIndex(r => r.CreatedAt);
        builder.HasIndex(r => r.MaskRatio);
        builder.HasIndex(r => r.PatchSize);
        builder.HasIndex(r => r.Dataset);
        // What tables of many runs are counted, grouped and sorted by. A run's row is wide with its recipe; these are read instead of the rows.
        builder.HasIndex(r => new { r.ExperimentId, r.CellIndex, r.State, r.Id, r.Dataset, r.MaskRatio, r.PatchSize }).HasFilter(Listed).HasDatabaseName("ix_runs_listed");
        builder.HasIndex(r => new { r.Loss, r.Id }).HasFilter(Listed);
        // What is to be removed for good.
        builder.HasIndex(r => r.DeletedAt).HasFilter("deleted_at IS NOT NULL");
    }
}
