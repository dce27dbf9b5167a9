using Microsoft.AspNetCore.Authentication.Cookies;

namespace MaeLab.Web.Access;

/// <summary>Cookies know no ports: without another name each, two MaeLabs on one machine would sign one another out.</summary>
internal sealed class LocalCookies : ICookieManager
{
    private readonly ChunkingCookieManager _cookies = new();

    public string? GetRequestCookie(HttpContext context, string key) => _cookies.GetRequestCookie(context, NameOf(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _cookies.AppendResponseCookie(context, NameOf(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) => _cookies.DeleteCookie(context, NameOf(context, key), options);

    private static string NameOf(HttpContext context, string key) => context.Request.Host.Port is { } port ? FormattableString.Invariant($"{key}.{port}") : key;
}
