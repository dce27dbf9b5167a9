using System.Security.Claims;
using MaeLab.Domain.Accounts;

namespace MaeLab.Web.Access;

/// <summary>Who asks for something.</summary>
/// <param name="Name">As others read it: "Cancelled by anna."</param>
/// <param name="UserId">Null where there are no accounts.</param>
/// <param name="ByToken">A program with an API token, not a person.</param>
public sealed record Actor(string Name, UserRole Role, Guid? UserId = null, bool ByToken = false)
{
    /// <summary>Whoever opened the link, where there are no accounts.</summary>
    public static Actor LocalPerson { get; } = new("a person in the browser", UserRole.Admin);

    /// <summary>A program with the token of the settings, where there are no accounts.</summary>
    public static Actor LocalClient { get; } = new("an API client", UserRole.Admin, ByToken: true);

    /// <exception cref="NotAllowedException">Nobody is signed in.</exception>
    public static Actor Of(ClaimsPrincipal user) => Find(user) ?? throw new NotAllowedException("You are not signed in (any more). Load the page again.");

    /// <returns>Null where nobody is signed in.</returns>
    public static Actor? Find(ClaimsPrincipal user) =>
        user.Identity is { IsAuthenticated: true, Name: { } name } && Enum.TryParse<UserRole>(user.FindFirstValue(ClaimTypes.Role), out var role)
            ? new(name, role, Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null, user.HasClaim(TokenClaim, TokenClaim))
            : null;

    /// <summary>Parameters of this type are who sent the request.</summary>
    public static ValueTask<Actor?> BindAsync(HttpContext context) => ValueTask.FromResult<Actor?>(Of(context.User));

    /// <param name="scheme">How they were recognised.</param>
    public ClaimsPrincipal ToPrincipal(string scheme)
    {
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, Name), new(ClaimTypes.Role, Role.ToString())], scheme);
        if (UserId is { } id)
        {
            identity.AddClaim(new(ClaimTypes.NameIdentifier, id.ToString()));
        }

        if (ByToken)
        {
            identity.AddClaim(new(TokenClaim, TokenClaim));
        }

        return new(identity);
    }

    private const string TokenClaim = "maelab:token";
}
