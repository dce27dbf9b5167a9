using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MaeLab.Storage.Configurations;

internal sealed class AttemptOutcomeConfiguration : IEntityTypeConfiguration<AttemptOutcomeRow>
{
    public void Configure(EntityTypeBuilder<AttemptOutcomeRow> builder)
    {
        builder.HasKey(o => new { o.RunId, o.Attempt });
        builder.Property(o => o.WeightsSha256).HasMaxLength(Lengths.Sha256);
        builder.HasOne<RunRow>().WithMany().HasForeignKey(o => o.RunId).OnDelete(DeleteBehavior.Cascade);
    }
}
