using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MaeLab.Storage.Configurations;

internal sealed class MetricChunkConfiguration : IEntityTypeConfiguration<MetricChunkRow>
{
    public void Configure(EntityTypeBuilder<MetricChunkRow> builder)
    {
        builder.HasKey(c => new { c.SeriesId, c.Attempt, c.FirstStep });
        builder.HasOne<SeriesRow>().WithMany().HasForeignKey(c => c.SeriesId).OnDelete(DeleteBehavior.Cascade);
    }
}
