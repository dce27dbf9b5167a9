using System.Collections.Frozen;
using MaeLab.Storage.Model;

namespace MaeLab.Storage.Roles;

/// <summary>Who speaks to the database. Everybody reads everything but the <see cref="DatabaseRoles.Secrets"/>; each table has one writer.</summary>
public enum DatabaseRole
{
    Scheduler,
    Runner,
    Web,

    /// <summary>Writes nothing: psql, notebooks, Grafana.</summary>
    Reader,
}

public static class DatabaseRoles
{
    /// <summary>The writer of each table.</summary>
    public static readonly FrozenDictionary<Type, DatabaseRole> Writers = new Dictionary<Type, DatabaseRole>
    {
        [typeof(ExperimentRow)] = DatabaseRole.Scheduler,
        [typeof(RunRow)] = DatabaseRole.Scheduler,
        [typeof(RunAttemptRow)] = DatabaseRole.Scheduler,
        [typeof(RunnerRow)] = DatabaseRole.Scheduler,
        [typeof(SeriesRow)] = DatabaseRole.Runner,
        [typeof(MetricChunkRow)] = DatabaseRole.Runner,
        [typeof(MetricSummaryRow)] = DatabaseRole.Runner,
        [typeof(PointLedgerRow)] = DatabaseRole.Runner,
        [typeof(CheckpointRow)] = DatabaseRole.Runner,
        [typeof(CheckpointChunkRow)] = DatabaseRole.Runner,
        [typeof(ImageRow)] = DatabaseRole.Runner,
        [typeof(RunLogRow)] = DatabaseRole.Runner,
        [typeof(ProbeResultRow)] = DatabaseRole.Runner,
        [typeof(AttemptOutcomeRow)] = DatabaseRole.Runner,
        [typeof(AnnotationRow)] = DatabaseRole.Web,
        [typeof(SavedViewRow)] = DatabaseRole.Web,
        [typeof(WebhookRow)] = DatabaseRole.Web,
        [typeof(WebhookDeliveryRow)] = DatabaseRole.Scheduler,
        [typeof(UserRow)] = DatabaseRole.Web,
        [typeof(ApiTokenRow)] = DatabaseRole.Web,
        [typeof(AuditEntryRow)] = DatabaseRole.Web,
        [typeof(DataProtectionKeyRow)] = DatabaseRole.Web,
    }.ToFrozenDictionary();

    /// <summary>What lets one in, or signs in our name: read by its writer alone, and webhooks by the scheduler, which sends to them.</summary>
    public static readonly FrozenSet<Type> Secrets = new[] { typeof(UserRow), typeof(ApiTokenRow), typeof(DataProtectionKeyRow), typeof(WebhookRow) }.ToFrozenSet();

    public static bool MayRead(DatabaseRole role, Type row) =>
        !Secrets.Contains(row) || Writers[row] == role || (role == DatabaseRole.Scheduler && row == typeof(WebhookRow));

    /// <summary>How PostgreSQL knows it: <c>maelab_web</c>.</summary>
    public static string NameOf(DatabaseRole role) => $"maelab_{role.ToString().ToLowerInvariant()}";
}
