using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MaeLab.Storage.Configurations;

internal sealed class AccountConfiguration :
    IEntityTypeConfiguration<UserRow>, IEntityTypeConfiguration<ApiTokenRow>, IEntityTypeConfiguration<AuditEntryRow>, IEntityTypeConfiguration<DataProtectionKeyRow>
{
    public void Configure(EntityTypeBuilder<UserRow> builder)
    {
        builder.HasKey(u => u.Id);
        builder.Property(u => u.Id).ValueGeneratedNever();
        builder.Property(u => u.Name).HasMaxLength(Lengths.Name);
        builder.Property(u => u.NormalizedName).HasMaxLength(Lengths.Name);
        builder.HasIndex(u => u.NormalizedName).IsUnique();
        builder.Property(u => u.ConcurrencyStamp).IsConcurrencyToken();
        builder.Property(u => u.Issuer).HasMaxLength(Lengths.Address);
        builder.Property(u => u.Subject).HasMaxLength(Lengths.Subject);
        builder.HasIndex(u => new { u.Issuer, u.Subject }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<ApiTokenRow> builder)
    {
        builder.HasKey(t => t.Id);
        builder.Property(t => t.Id).ValueGeneratedNever();
        builder.Property(t => t.Name).HasMaxLength(Lengths.Name);
        builder.Property(t => t.Hash).HasMaxLength(Lengths.Sha256);
        builder.HasIndex(t => t.Hash).IsUnique();
        builder.HasOne<UserRow>().WithMany().HasForeignKey(t => t.UserId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<AuditEntryRow> builder)
    {
        builder.HasKey(e => e.Id);
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => e.At);
    }

    public void Configure(EntityTypeBuilder<DataProtectionKeyRow> builder)
    {
        builder.HasKey(k => k.Name);
        builder.Property(k => k.Name).HasMaxLength(Lengths.Name);
    }
}
