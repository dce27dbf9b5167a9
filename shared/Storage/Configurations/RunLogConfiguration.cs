using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MaeLab.Storage.Configurations;

internal sealed class RunLogConfiguration : IEntityTypeConfiguration<RunLogRow>
{
    public void Configure(EntityTypeBuilder<RunLogRow> builder)
    {
        builder.HasKey(l => l.Id);
        builder.Property(l => l.Level).HasMaxLength(Lengths.Word);
        builder.HasOne<RunRow>().WithMany().HasForeignKey(l => l.RunId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(l => new { l.RunId, l.Id });
        builder.HasIndex(l => new { l.RunId, l.Attempt, l.Sequence }).IsUnique();
    }
}
