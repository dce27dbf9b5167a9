using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MaeLab.Storage.Configurations;

internal sealed class PointLedgerConfiguration : IEntityTypeConfiguration<PointLedgerRow>
{
    public void Configure(EntityTypeBuilder<PointLedgerRow> builder)
    {
        builder.HasKey(l => new { l.RunId, l.Attempt });
        builder.HasOne<RunRow>().WithMany().HasForeignKey(l => l.RunId).OnDelete(DeleteBehavior.Cascade);
    }
}
