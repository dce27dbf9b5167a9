using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MaeLab.Storage.Configurations;

internal sealed class ExperimentConfiguration : IEntityTypeConfiguration<ExperimentRow>
{
    public void Configure(EntityTypeBuilder<ExperimentRow> builder)
    {
        builder.HasKey(e => e.Id);
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.Name).HasMaxLength(Lengths.Name);
        builder.Property(e => e.SubmittedBy).HasMaxLength(Lengths.Name);
        builder.Property(e => e.Weight).HasDefaultValue(1.0);
        builder.Property(e => e.IdempotencyKey).HasMaxLength(Lengths.Name);
        builder.HasIndex(e => e.CreatedAt);
        builder.HasIndex(e => e.IdempotencyKey).IsUnique();
    }
}
