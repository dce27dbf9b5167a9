using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MaeLab.Storage.Configurations;

internal sealed class ImageConfiguration : IEntityTypeConfiguration<ImageRow>
{
    public void Configure(EntityTypeBuilder<ImageRow> builder)
    {
        builder.HasKey(i => i.Id);
        builder.Property(i => i.Id).ValueGeneratedNever();
        builder.Property(i => i.Kind).HasMaxLength(Lengths.Word);
        builder.HasOne<RunRow>().WithMany().HasForeignKey(i => i.RunId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(i => new { i.RunId, i.Step });
    }
}
