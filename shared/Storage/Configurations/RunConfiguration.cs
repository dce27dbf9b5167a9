using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MaeLab.Storage.Configurations;

internal sealed class RunConfiguration : IEntityTypeConfiguration<RunRow>
{
    public void Configure(EntityTypeBuilder<RunRow> builder)
    {
        builder.HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Dataset).HasMaxLength(Lengths.Name);
        builder.Property(r => r.Version).IsConcurrencyToken();
        builder.HasQueryFilter(r => r.DeletedAt == null);
        builder.HasOne<ExperimentRow>().WithMany().HasForeignKey(r => r.ExperimentId).OnDelete(DeleteBehavior.Cascade);

        builder.HasIndex(r => new { r.ExperimentId, r.Index }).IsUnique();
        // The scheduler's queue: how many wait of each kind, and the first of a kind. Ended runs would only be in the way.
        builder.HasIndex(r => new { r.ExperimentId, r.Priority, r.Dataset, r.Device, r.Position, r.NotBefore }, "ix_runs_queue").HasFilter("state = 'Queued'");
        // What is under way, and lists by state.
        builder.HasIndex(r => new { r.State, r.Priority, r.CreatedAt }).IsDescending(false, true, false);
        builder.HasIndex(r => r.CreatedAt);
        builder.HasIndex(r => r.MaskRatio);
        builder.HasIndex(r => r.PatchSize);
        builder.HasIndex(r => r.Dataset);
        // What is to be removed for good.
        builder.HasIndex(r => r.DeletedAt).HasFilter("deleted_at IS NOT NULL");
    }
}
