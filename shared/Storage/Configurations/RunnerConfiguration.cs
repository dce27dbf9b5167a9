using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MaeLab.Storage.Configurations;

internal sealed class RunnerConfiguration : IEntityTypeConfiguration<RunnerRow>
{
    public void Configure(EntityTypeBuilder<RunnerRow> builder)
    {
        builder.HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Name).HasMaxLength(Lengths.Name);
        builder.Property(r => r.Device).HasMaxLength(Lengths.Name);
    }
}
