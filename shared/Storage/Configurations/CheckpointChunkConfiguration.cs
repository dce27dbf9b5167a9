using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MaeLab.Storage.Configurations;

internal sealed class CheckpointChunkConfiguration : IEntityTypeConfiguration<CheckpointChunkRow>
{
    public void Configure(EntityTypeBuilder<CheckpointChunkRow> builder)
    {
        builder.HasKey(c => new { c.CheckpointId, c.Index });
        builder.HasOne<CheckpointRow>().WithMany().HasForeignKey(c => c.CheckpointId).OnDelete(DeleteBehavior.Cascade);
    }
}
