using Microsoft.Extensions.Primitives;

namespace MaeLab.Web.Access;

/// <summary>
/// A page of another site, or of another port of this machine, may send requests that carry our cookie. What could change anything, and
/// circuits, are for our own pages and for programs, which are no browsers and name no origin.
/// </summary>
internal static class OriginGate
{
    public static void UseOriginGate(this WebApplication app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if ((HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !request.Path.StartsWithSegments("/_blazor")
            || !IsForeign(request))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return request.Path.StartsWithSegments("/api") ? Task.CompletedTask : context.Response.WriteAsync("This is for pages of MaeLab itself.", context.RequestAborted);
    });

    private static bool IsForeign(HttpRequest request) =>
        (request.Headers.Origin is { Count: > 0 } origin && !IsOwn(origin, request.Host))
        || request.Headers["Sec-Fetch-Site"] is ["cross-site" or "same-site"];

    private static bool IsOwn(StringValues origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(new UriBuilder(uri.Scheme, host.Host, host.Port ?? -1).Uri.Authority, StringComparison.OrdinalIgnoreCase);
}
