using MaeLab.Domain.Accounts;

namespace MaeLab.Web.Tests.Access;

/// <summary>The least role for each request; null: everybody, signed in or not. A page answers to GET, and to POST for what it has of forms.</summary>
internal static class RoleTable
{
    private static readonly string[] s_everybodyPages = ["/sign-in", "/set-up"];

    private static readonly string[] s_everybody = ["GET /healthz", "GET /metrics", "GET /readyz"];

    private static readonly string[] s_viewerPages =
    [
        "/", "/experiments/{Id:guid}", "/runs", "/runs/diff", "/runs/{Id:guid}", "/runners", "/theory", "/tokens", "/account", "/not-found",
    ];

    private static readonly string[] s_viewer =
    [
        "GET /api/v1/checkpoints/{id:guid}/content",
        "GET /api/v1/experiments",
        "GET /api/v1/experiments/{id:guid}",
        "GET /api/v1/experiments/{id:guid}/archive",
        "GET /api/v1/experiments/{id:guid}/comparisons",
        "GET /api/v1/experiments/{id:guid}/comparisons/export",
        "GET /api/v1/experiments/{id:guid}/export",
        "GET /api/v1/experiments/{id:guid}/matrix",
        "GET /api/v1/experiments/{id:guid}/metrics/export",
        "GET /api/v1/experiments/{id:guid}/note",
        "GET /api/v1/experiments/{id:guid}/report",
        "GET /api/v1/failed-messages",
        "GET /api/v1/images/{id:guid}/content",
        "GET /api/v1/runners",
        "GET /api/v1/runs",
        "GET /api/v1/runs/{id:guid}",
        "GET /api/v1/runs/{id:guid}/checkpoints",
        "GET /api/v1/runs/{id:guid}/classifications",
        "GET /api/v1/runs/{id:guid}/images",
        "GET /api/v1/runs/{id:guid}/logs",
        "GET /api/v1/runs/{id:guid}/metrics",
        "GET /api/v1/runs/{id:guid}/metrics/export",
        "GET /api/v1/runs/{id:guid}/reconstructions",
        "GET /api/v1/runs/{id:guid}/theory",
        "GET /api/v1/tokens",
        "POST /api/v1/tokens",
        "DELETE /api/v1/tokens/{id:guid}",
        "GET /api/v1/views",
        "GET /openapi/{documentName}.json",
        "GET /_blazor",
        "GET /_blazor/disconnect",
        "GET /_blazor/initializers",
        "GET /_blazor/negotiate",
        "GET /_framework/opaque-redirect",
        "POST /sign-out",
    ];

    private static readonly string[] s_researcherPages = ["/experiments/new"];

    private static readonly string[] s_researcher =
    [
        "POST /api/v1/checkpoints/{id:guid}/theory",
        "POST /api/v1/experiments",
        "POST /api/v1/experiments/preview",
        "POST /api/v1/experiments/{id:guid}/cancel",
        "POST /api/v1/experiments/{id:guid}/cells",
        "POST /api/v1/experiments/{id:guid}/theory",
        "PATCH /api/v1/experiments/{id:guid}",
        "PATCH /api/v1/experiments/{id:guid}/cells/{cell}",
        "PUT /api/v1/experiments/{id:guid}/note",
        "DELETE /api/v1/runs/{id:guid}",
        "PATCH /api/v1/runs/{id:guid}",
        "PATCH /api/v1/runs/{id:guid}/annotation",
        "POST /api/v1/runs/{id:guid}/cancel",
        "POST /api/v1/runs/{id:guid}/move",
        "POST /api/v1/runs/{id:guid}/pause",
        "POST /api/v1/runs/{id:guid}/restore",
        "POST /api/v1/runs/{id:guid}/resume",
        "POST /api/v1/runs/{id:guid}/retry",
        "POST /api/v1/views",
        "PATCH /api/v1/views/{id:guid}",
        "DELETE /api/v1/views/{id:guid}",
    ];

    private static readonly string[] s_adminPages = ["/users", "/audit", "/webhooks"];

    private static readonly string[] s_admin =
    [
        "GET /api/v1/audit",
        "GET /api/v1/users",
        "POST /api/v1/users",
        "PATCH /api/v1/users/{id:guid}",
        "POST /api/v1/failed-messages/{message}/discard",
        "POST /api/v1/failed-messages/{message}/requeue",
        "GET /api/v1/webhooks",
        "POST /api/v1/webhooks",
        "PATCH /api/v1/webhooks/{id:guid}",
        "DELETE /api/v1/webhooks/{id:guid}",
        "GET /api/v1/webhooks/{id:guid}/deliveries",
    ];

    public static IReadOnlyDictionary<string, UserRole?> Rows { get; } = new (UserRole? Least, string[] Pages, string[] Requests)[]
    {
        (null, s_everybodyPages, s_everybody),
        (UserRole.Viewer, s_viewerPages, s_viewer),
        (UserRole.Researcher, s_researcherPages, s_researcher),
        (UserRole.Admin, s_adminPages, s_admin),
    }.SelectMany(row => row.Pages.SelectMany(page => new[] { $"GET {page}", $"POST {page}" }).Concat(row.Requests).Select(request => (Request: request, row.Least)))
        .ToDictionary(row => row.Request, row => row.Least);
}
