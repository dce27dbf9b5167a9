using MaeLab.Hosting.Startup;
using MaeLab.Storage.Model;
using MaeLab.Web.Access.Keys;
using MaeLab.Web.Access.SingleSignOn;
using MaeLab.Web.Browser;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Access;

/// <summary>Who is who, and who may what.</summary>
public static class AccessRegistration
{
    private const string CookieName = "maelab";

    public static IServiceCollection AddMaeLabAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<OneTimeKey>();
        services.AddSingleton<FirstAdmin>();
        services.AddSingleton<AccessLink>();
        services.AddHostedService(provider => provider.GetRequiredService<AccessLink>());
        services.AddSingleton<ChangeGate>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<CommandSender>();
        services.AddSingleton<TokenStore>();
        services.AddSingleton<RateLimits>();
        services.AddRateLimiter();
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<WebOptions>>(RateLimits.ConfigureApi);
        services.AddScoped<UserAccounts>();
        services.AddScoped<CurrentActor>();

        services.AddDataProtection().SetApplicationName(nameof(MaeLab));
        services.AddSingleton<KeySecret>().AddSingleton<KeyRing>();
        services.AddOptions<KeyManagementOptions>().Configure<KeyRing, KeySecret>((keys, ring, secret) =>
            (keys.XmlRepository, keys.XmlEncryptor) = (ring, secret.Given ? new KeyEncryptor(secret) : null));
        services.AddStartupProbe("the keys of cookies", ReadKeysAsync, ends: error => error is KeySecretException);
        services.AddAntiforgery(form => form.Cookie.Name = $"{CookieName}.form");
        services.AddAuthorization(Policies.AddTo);
        services.AddHttpContextAccessor();
        services.AddIdentityCore<UserRow>(ConfigureIdentity).AddUserStore<UserStore>().AddUserValidator<UserNameRule>().AddSignInManager<AccountSignIn>()
            .AddClaimsPrincipalFactory<AccountSignIn.Claims>();
        services.AddScoped(provider => (AccountSignIn)provider.GetRequiredService<SignInManager<UserRow>>());
        services.Configure<SecurityStampValidatorOptions>(check => check.ValidationInterval = SessionCheck.Every);
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, SessionCheck>();
        services.AddAuthentication(Schemes.Any)
            .AddPolicyScheme(Schemes.Any, null, options => options.ForwardDefaultSelector = Choose)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(Schemes.Token, null)
            .AddCookie(Schemes.Local, cookie =>
            {
                ConfigureCookie(cookie, TimeSpan.FromDays(90));
                cookie.CookieManager = new LocalCookies();
                // Whoever asks for a page has no link, or one that was used up: the log shows another one.
                cookie.Events.OnRedirectToLogin += context =>
                {
                    context.HttpContext.RequestServices.GetRequiredService<AccessLink>().LogIfUsed();
                    return Task.CompletedTask;
                };
            })
            .AddCookie(Schemes.Account, cookie =>
            {
                ConfigureCookie(cookie, TimeSpan.FromDays(14));
                cookie.Events.OnValidatePrincipal = ValidateAsync;
            })
            // Identity clears both when it ends a session.
            .AddCookie(IdentityConstants.ExternalScheme)
            .AddCookie(IdentityConstants.TwoFactorRememberMeScheme)
            .AddProvider(configuration);
        // At the start the tables may be missing yet, or the database away: keys are read when first needed. Last, since whatever needs keys adds it anew.
        services.Remove(services.Single(service => service.ImplementationType?.Name == "DataProtectionHostedService"));
        return services;
    }

    private static Task<bool> ReadKeysAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        services.GetRequiredService<KeyRing>().GetAllElements();
        return Task.FromResult(true);
    }

    private static string Choose(HttpContext context) =>
        context.Request.Headers.Authorization.Count > 0 ? Schemes.Token
        : context.RequestServices.GetRequiredService<IOptions<WebOptions>>().Value.Access == AccessMode.Accounts ? Schemes.Account
        : Schemes.Local;

    private static void ConfigureIdentity(IdentityOptions identity)
    {
        // Length is what makes a password hard to guess; rules about its characters make it hard to remember.
        identity.Password = new()
        {
            RequiredLength = UserAccounts.ShortestPassword,
            RequireDigit = false,
            RequireLowercase = false,
            RequireUppercase = false,
            RequireNonAlphanumeric = false,
        };
        identity.Lockout.MaxFailedAccessAttempts = 5;
        identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
        // Names are shown and compared, never interpreted.
        identity.User.AllowedUserNameCharacters = "";
    }

    private static void ConfigureCookie(CookieAuthenticationOptions cookie, TimeSpan lifetime)
    {
        // Lax: a link to a page from elsewhere opens it, and all that changes anything is no GET.
        (cookie.Cookie.Name, cookie.Cookie.HttpOnly, cookie.Cookie.SameSite, cookie.Cookie.SecurePolicy) =
            (CookieName, true, SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        (cookie.ExpireTimeSpan, cookie.SlidingExpiration) = (lifetime, true);
        (cookie.LoginPath, cookie.ReturnUrlParameter) = (Urls.SignIn, "returnUrl");
        cookie.Events.OnRedirectToLogin = context => IsPage(context.Request)
            ? RedirectAsync(context)
            : RefuseAsync(context.Response);
        cookie.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (ProviderSession.HasEnded(context.Properties, context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(Schemes.Account);
            return;
        }

        await SecurityStampValidator.ValidatePrincipalAsync(context);
        if (context.Principal is { } user)
        {
            ProviderSession.TellEnd(user, context.Properties);
        }
    }

    private static Task RedirectAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }

    private static Task RefuseAsync(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status401Unauthorized;
        response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }

    /// <summary>A person is shown where to sign in; a program is told that it must.</summary>
    private static bool IsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && !new[] { "/api", "/openapi", "/_blazor", "/metrics" }.Any(programs => request.Path.StartsWithSegments(programs));
}
