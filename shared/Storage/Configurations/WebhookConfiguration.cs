using MaeLab.Domain.Webhooks;
using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MaeLab.Storage.Configurations;

internal sealed class WebhookConfiguration : IEntityTypeConfiguration<WebhookRow>
{
    public void Configure(EntityTypeBuilder<WebhookRow> builder)
    {
        builder.HasKey(hook => hook.Id);
        builder.Property(hook => hook.Id).ValueGeneratedNever();
        builder.Property(hook => hook.Url).HasMaxLength(WebhookRules.LongestUrl);
        builder.Property(hook => hook.Secret).HasMaxLength(WebhookRules.LongestSecret);
        builder.HasOne<ExperimentRow>().WithMany().HasForeignKey(hook => hook.ExperimentId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class WebhookDeliveryConfiguration : IEntityTypeConfiguration<WebhookDeliveryRow>
{
    public void Configure(EntityTypeBuilder<WebhookDeliveryRow> builder)
    {
        builder.HasKey(delivery => delivery.Id);
        builder.Property(delivery => delivery.Id).ValueGeneratedNever();
        builder.Property(delivery => delivery.Event).HasMaxLength(Lengths.Word);
        builder.HasOne<WebhookRow>().WithMany().HasForeignKey(delivery => delivery.WebhookId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<RunRow>().WithMany().HasForeignKey(delivery => delivery.RunId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(delivery => new { delivery.WebhookId, delivery.CreatedAt });
        // What is still to be sent, few beside what was.
        builder.HasIndex(delivery => delivery.NextAt).HasFilter("state = 'Waiting'");
    }
}
