using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace MaeLab.Web.Tests.Access.SingleSignOn;

/// <summary>
/// An OpenID Connect provider written by hand: what it signs and asks for owes nothing to the library that is tested. It takes whom a test says
/// for signed in there, and holds its client to all that a real one would: secret, redirect address, one use of a code, PKCE.
/// </summary>
public sealed class FakeProvider : IAsyncDisposable
{
    public const string ClientId = "maelab";
    public const string ClientSecret = "a secret of both";
    private const string KeyId = "first";

    private readonly RSA _key = RSA.Create(2048);
    private readonly RSA _otherKey = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (string Nonce, string Challenge, string Redirect)> _codes = [];
    private readonly WebApplication _app;

    public FakeProvider()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Who is signed in there: claims of the ID token beside those of the protocol.</summary>
    public JsonObject Person { get; set; } = [];

    /// <summary>What the address for more about them adds.</summary>
    public JsonObject More { get; set; } = [];

    /// <summary>What an ID token is to be otherwise.</summary>
    public Action<JsonObject> Bend { get; set; } = _ => { };

    /// <summary>It signs with a key that it does not publish.</summary>
    public bool SignsWrongly { get; set; }

    /// <summary>What is said instead of a code.</summary>
    public string? Error { get; set; }

    /// <summary>The last request for a code.</summary>
    public IReadOnlyDictionary<string, string> LastRequest { get; private set; } = new Dictionary<string, string>();

    /// <summary>What it refused, and why.</summary>
    public ConcurrentQueue<string> Refused { get; } = [];

    public Task StartAsync() => _app.StartAsync();

    /// <summary>All as it should be again.</summary>
    public void Mend() => (Person, More, Bend, SignsWrongly, Error) = ([], [], _ => { }, false, null);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
        _otherKey.Dispose();
    }

    private Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/.well-known/openid-configuration" => JsonAsync(context, new()
        {
            ["issuer"] = Address.ToString().TrimEnd('/'),
            ["authorization_endpoint"] = new Uri(Address, "authorize").ToString(),
            ["token_endpoint"] = new Uri(Address, "token").ToString(),
            ["userinfo_endpoint"] = new Uri(Address, "userinfo").ToString(),
            ["jwks_uri"] = new Uri(Address, "keys").ToString(),
            ["response_types_supported"] = new JsonArray("code"),
            ["subject_types_supported"] = new JsonArray("public"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        }),
        "/keys" => JsonAsync(context, new() { ["keys"] = new JsonArray(PublicKey()) }),
        "/authorize" => AuthorizeAsync(context),
        "/token" => TokenAsync(context),
        "/userinfo" => JsonAsync(context, new(More.Select(claim => KeyValuePair.Create(claim.Key, claim.Value?.DeepClone()))) { ["sub"] = Person["sub"]?.DeepClone() }),
        _ => RefuseAsync(context, $"no such address: {context.Request.Path}"),
    };

    private JsonObject PublicKey()
    {
        var key = _key.ExportParameters(false);
        return new() { ["kty"] = "RSA", ["use"] = "sig", ["alg"] = "RS256", ["kid"] = KeyId, ["n"] = Base64Url.EncodeToString(key.Modulus), ["e"] = Base64Url.EncodeToString(key.Exponent) };
    }

    private Task AuthorizeAsync(HttpContext context)
    {
        var asked = LastRequest = context.Request.Query.ToDictionary(part => part.Key, part => part.Value.ToString());
        if (asked["client_id"] != ClientId || asked["response_type"] != "code" || asked["code_challenge_method"] != "S256" || !asked["scope"].Split(' ').Contains("openid"))
        {
            return RefuseAsync(context, $"not a request for a code with PKCE: {context.Request.QueryString}");
        }

        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        _codes[code] = (asked["nonce"], asked["code_challenge"], asked["redirect_uri"]);
        context.Response.Redirect(QueryHelpers.AddQueryString(asked["redirect_uri"], new Dictionary<string, string?>
        {
            [Error is null ? "code" : "error"] = Error ?? code,
            ["state"] = asked["state"],
        }));
        return Task.CompletedTask;
    }

    private async Task TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        if (form["client_id"] != ClientId || form["client_secret"] != ClientSecret || form["grant_type"] != "authorization_code")
        {
            await RefuseAsync(context, "not our client");
            return;
        }

        if (!_codes.TryRemove(form["code"].ToString(), out var code) || code.Redirect != form["redirect_uri"]
            || code.Challenge != Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))))
        {
            await RefuseAsync(context, "not a code of ours, not for this address, or without what PKCE asks for");
            return;
        }

        await JsonAsync(context, new() { ["access_token"] = "opens userinfo", ["token_type"] = "Bearer", ["expires_in"] = 60, ["id_token"] = IdToken(code.Nonce) });
    }

    private string IdToken(string nonce)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new JsonObject(Person.Select(claim => KeyValuePair.Create(claim.Key, claim.Value?.DeepClone())))
        {
            ["iss"] = Address.ToString().TrimEnd('/'),
            ["aud"] = ClientId,
            ["iat"] = now,
            ["exp"] = now + 300,
            ["nonce"] = nonce,
        };
        Bend(claims);
        var header = new JsonObject { ["alg"] = "RS256", ["kid"] = KeyId, ["typ"] = "JWT" };
        var signed = $"{Encoded(header)}.{Encoded(claims)}";
        var signature = (SignsWrongly ? _otherKey : _key).SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encoded(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static Task JsonAsync(HttpContext context, JsonObject answer)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(answer.ToJsonString());
    }

    private Task RefuseAsync(HttpContext context, string why)
    {
        Refused.Enqueue(why);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return context.Response.WriteAsync(why);
    }
}
