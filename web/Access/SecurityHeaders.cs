using MaeLab.Web.Api;

namespace MaeLab.Web.Access;

/// <summary>
/// What browsers are told with every answer: scripts come from here alone and none stands in a page, but for the one that carries the
/// nonce of its answer; nobody shows our pages within theirs; nothing is taken for what it does not say it is.
/// </summary>
internal static class SecurityHeaders
{
    private static readonly object s_nonce = new();

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        var nonce = OneTimeKey.Random();
        context.Items[s_nonce] = nonce;
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy(nonce);
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            // To our own pages alone: addresses name experiments, and links of the log hold keys.
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
            if (context.Request.Path.StartsWithSegments(ApiRegistration.Root) && headers.CacheControl.Count == 0)
            {
                // No proxy in between keeps what was for one user.
                headers.CacheControl = "private";
            }

            return Task.CompletedTask;
        });
        return next(context);
    });

    /// <summary>For an inline script of this answer.</summary>
    public static string NonceOf(HttpContext context) => (string)context.Items[s_nonce]!;

    // Styles: MudBlazor writes them into pages, and Blazor's components into attributes. Pictures: charts are saved through blob: and data: addresses.
    private static string Policy(string nonce) => string.Join(
        "; ",
        "default-src 'self'",
        $"script-src 'self' 'nonce-{nonce}'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'");
}
