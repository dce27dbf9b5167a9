using Bunit;
using MaeLab.Domain.Accounts;
using MaeLab.Web.Access;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace MaeLab.Web.Tests.Components;

/// <summary>A component on its own, as if its circuit had started.</summary>
public abstract class ComponentTest : IAsyncLifetime
{
    protected ComponentTest()
    {
        Context.Services.AddMudServices();
        Context.Services.AddSingleton(TimeProvider.System);
        // Somebody who may do everything.
        Context.AddAuthorization().SetAuthorized(Actor.LocalPerson.Name).SetRoles(nameof(UserRole.Admin)).SetPolicies(Policies.Researcher, Policies.Admin);
        Context.Services.AddScoped<CurrentActor>().AddSingleton<ChangeGate>().AddSingleton<AuditLog>().AddSingleton<CommandSender>().AddOptions<WebOptions>();
        Context.JSInterop.Mode = JSRuntimeMode.Loose;
    }

    protected BunitContext Context { get; } = new();

    protected static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    /// <summary>Last: from here on no more services can be added.</summary>
    public virtual ValueTask InitializeAsync()
    {
        Context.Renderer.SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Context.DisposeAsync();
    }
}
