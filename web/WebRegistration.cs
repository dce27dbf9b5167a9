using MudBlazor.Services;

namespace MaeLab.Web;

/// <summary>The web service as a part: its own host and the one-process host compose it with the same two calls.</summary>
public static class WebRegistration
{
    public static WebApplicationBuilder AddMaeLabWeb(this WebApplicationBuilder builder)
    {
        // Pages, scripts and styles of a plain build lie in several folders; without this only Development finds them.
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddMudServices();
        return builder;
    }

    public static WebApplication MapMaeLabWeb(this WebApplication app)
    {
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        return app;
    }
}
