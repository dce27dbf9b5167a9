using MaeLab.Web.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

internal static class AuditEndpoints
{
    public static void MapAudit(this RouteGroupBuilder root) => root.MapGet("/audit", ListAsync).RequireAuthorization(Policies.Admin).WithTags("Audit")
        .ProducesValidationProblem().WithName("ListAuditEntries").WithSummary("Who asked for what, newest first")
        .WithDescription("Submissions, actions on runs, deletions, changes of users and tokens, failed messages. Takes an administrator.");

    private static async Task<Results<Ok<ApiList<AuditEntry>>, ValidationProblem>> ListAsync(
        string? cursor, string? limit, AuditLog audit, CancellationToken cancellationToken)
    {
        var errors = new RequestErrors();
        var before = errors.Id("cursor", cursor);
        var count = errors.Limit(limit);
        if (errors.Any)
        {
            return errors.ToProblem();
        }

        var (entries, more) = await audit.ListAsync(before, count, cancellationToken);
        return TypedResults.Ok(new ApiList<AuditEntry>(entries, more ? entries[^1].Id.ToString() : null));
    }
}
