using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Api;

/// <summary>
/// The one token of <see cref="WebOptions.Token"/>: a bearer token for the API, a cookie for the pages, which a visit to
/// <c>/?token=...</c> leaves behind. Health endpoints stay open, for those who watch over the process.
/// </summary>
internal static class TokenGate
{
    private const string Cookie = "maelab.token";
    private const string TokenParameter = "token";

    public static void UseTokenGate(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<WebOptions>>().Value.Token is not { } token)
        {
            return;
        }

        app.Use(async (context, next) =>
        {
            var request = context.Request;
            if (request.Path.StartsWithSegments("/healthz") || request.Path.StartsWithSegments("/readyz")
                || IsToken(token, Bearer(request)) || IsToken(token, request.Cookies[Cookie]))
            {
                await next();
            }
            else if (HttpMethods.IsGet(request.Method) && !IsForPrograms(request) && IsToken(token, request.Query[TokenParameter]))
            {
                // Out of the address bar and the history at once. Lax: a link to a page from elsewhere opens it, and all that changes anything is a POST.
                context.Response.Cookies.Append(Cookie, token, new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = request.IsHttps, MaxAge = TimeSpan.FromDays(90) });
                var rest = request.Query.Where(parameter => !parameter.Key.Equals(TokenParameter, StringComparison.OrdinalIgnoreCase));
                context.Response.Redirect((request.Path.HasValue ? request.Path.ToUriComponent() : "/") + QueryString.Create(rest).ToUriComponent());
            }
            else
            {
                await RefuseAsync(context);
            }
        });
    }

    private static bool IsForPrograms(HttpRequest request) =>
        request.Path.StartsWithSegments("/api") || request.Path.StartsWithSegments("/openapi");

    private static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;

    private static bool IsToken(string token, string? given) =>
        given is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), SHA256.HashData(Encoding.UTF8.GetBytes(given)));

    private static async Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        if (IsForPrograms(context.Request))
        {
            await TypedResults.Problem(
                statusCode: StatusCodes.Status401Unauthorized, title: "A token is needed.",
                detail: "Send it as 'Authorization: Bearer TOKEN'; it is the setting Web:Token.").ExecuteAsync(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        await context.Response.WriteAsync("This MaeLab asks for its access token: open /?token=TOKEN once. It is the setting Web:Token.", context.RequestAborted);
    }
}
