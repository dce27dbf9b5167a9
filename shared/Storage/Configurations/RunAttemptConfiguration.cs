using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MaeLab.Storage.Configurations;

internal sealed class RunAttemptConfiguration : IEntityTypeConfiguration<RunAttemptRow>
{
    public void Configure(EntityTypeBuilder<RunAttemptRow> builder)
    {
        builder.HasKey(a => new { a.RunId, a.Number });
        builder.HasOne<RunRow>().WithMany().HasForeignKey(a => a.RunId).OnDelete(DeleteBehavior.Cascade);

        // What the watchdog asks: whose lease has run out. Ended attempts pile up and would only be in the way.
        builder.HasIndex(a => a.LeaseUntil).HasFilter("ended_at IS NULL");
    }
}
