using MaeLab.Storage.Model;
using MaeLab.Web.Access;
using MaeLab.Web.Access.SingleSignOn;
using MaeLab.Web.Browser;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Features.Accounts;

public sealed partial class SignInPage
{
    private string? _problem;

    [Inject]
    public required IOptions<WebOptions> Options { get; init; }

    [Inject]
    public required SignInManager<UserRow> Users { get; init; }

    [Inject]
    public required RateLimits Limits { get; init; }

    /// <summary>The page has no circuit, so there is a request.</summary>
    [CascadingParameter]
    public HttpContext? Http { get; set; }

    [Inject]
    public required AccessLink Link { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [SupplyParameterFromForm]
    public SignInInput? Input { get; set; }

    [SupplyParameterFromQuery]
    public string? ReturnUrl { get; set; }

    /// <summary>Why the provider's sign-in led to nothing.</summary>
    [SupplyParameterFromQuery]
    public string? Problem { get; set; }

    protected override void OnInitialized()
    {
        Input ??= new();
        _problem = SignInProblems.Sentence(Problem, Options.Value.OpenIdConnect.DisplayName);
        if (Options.Value.Access == AccessMode.Local)
        {
            Link.LogIfUsed();
        }
    }

    private async Task SignInAsync()
    {
        if (!Limits.MaySignIn(Http!, Input?.Name ?? ""))
        {
            _problem = "Too many tries. Wait a minute.";
            return;
        }

        var result = await Users.PasswordSignInAsync(Input!.Name ?? "", Input.Password ?? "", isPersistent: true, lockoutOnFailure: true);
        if (result.Succeeded)
        {
            Navigation.NavigateTo(Urls.Local(ReturnUrl), forceLoad: true);
            return;
        }

        _problem = result.IsLockedOut
            ? "Too many wrong passwords. Try again in some minutes, or ask an administrator."
            : "Name or password is wrong, or the user was disabled.";
    }

    public sealed class SignInInput
    {
        public string? Name { get; set; }

        public string? Password { get; set; }
    }
}
