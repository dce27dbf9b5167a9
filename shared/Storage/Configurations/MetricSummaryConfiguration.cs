using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MaeLab.Storage.Configurations;

internal sealed class MetricSummaryConfiguration : IEntityTypeConfiguration<MetricSummaryRow>
{
    public void Configure(EntityTypeBuilder<MetricSummaryRow> builder)
    {
        builder.HasKey(s => s.SeriesId);
        builder.Property(s => s.SeriesId).ValueGeneratedNever();
        builder.Property(s => s.Name).HasMaxLength(Lengths.Name);
        builder.HasOne<SeriesRow>().WithOne().HasForeignKey<MetricSummaryRow>(s => s.SeriesId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(s => new { s.RunId, s.Name }).IsUnique();
        // Runs are sorted by what probes found, which is written seldom. The other series change with every flush, and none of their indexes should.
        builder.HasIndex(s => new { s.Name, s.Last, s.RunId }).HasFilter("name >= 'probe/' AND name < 'probe0'");
    }
}
