using System.Globalization;
using System.Threading.RateLimiting;
using MaeLab.Web.Api;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Access;

/// <summary>How often somebody may ask: the API by token, user or, where nobody is known, address; signing in by name and by address.</summary>
public sealed class RateLimits : IDisposable
{
    private const int TriesOfName = 10;
    private const int TriesOfAddress = 60;

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<(string Address, string Name)> _name =
        PartitionedRateLimiter.Create<(string Address, string Name), string>(who => Window($"{who.Address} {who.Name.ToUpperInvariant()}", TriesOfName));

    private readonly PartitionedRateLimiter<string> _address = PartitionedRateLimiter.Create<string, string>(address => Window(address, TriesOfAddress));

    /// <summary>A try to sign in; where there were too many the answer says so, and when to come back.</summary>
    public bool MaySignIn(HttpContext context, string name)
    {
        using var lease = _name.AttemptAcquire((AddressOf(context), name));
        return Passes(context, lease) && MaySignIn(context);
    }

    /// <inheritdoc cref="MaySignIn(HttpContext, string)"/>
    /// <remarks>Of somebody whose name is not known yet.</remarks>
    public bool MaySignIn(HttpContext context)
    {
        using var lease = _address.AttemptAcquire(AddressOf(context));
        return Passes(context, lease);
    }

    public void Dispose()
    {
        _name.Dispose();
        _address.Dispose();
    }

    internal static void ConfigureApi(RateLimiterOptions limiter, IOptions<WebOptions> options)
    {
        var perMinute = options.Value.RequestsPerMinute;
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => context.Request.Path.StartsWithSegments("/api")
            ? RateLimitPartition.GetTokenBucketLimiter(WhoIs(context), _ => new()
            {
                TokenLimit = perMinute,
                TokensPerPeriod = Math.Max(perMinute / 60, 1),
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            })
            : RateLimitPartition.GetNoLimiter(""));
        limiter.OnRejected = async (rejected, _) =>
        {
            Refuse(rejected.HttpContext, rejected.Lease);
            await Problems.TooManyRequests(perMinute).ExecuteAsync(rejected.HttpContext);
        };
    }

    private static RateLimitPartition<string> Window(string key, int permits) =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new() { PermitLimit = permits, Window = s_window });

    private static string WhoIs(HttpContext context) => Actor.Find(context.User) is { } actor ? $"{actor.UserId} {actor.Name}" : AddressOf(context);

    private static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";

    private static bool Passes(HttpContext context, RateLimitLease lease)
    {
        if (!lease.IsAcquired)
        {
            Refuse(context, lease);
        }

        return lease.IsAcquired;
    }

    private static void Refuse(HttpContext context, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : s_window;
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
    }
}
