using MaeLab.Domain.Accounts;
using MaeLab.Web.Access;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Features.Accounts;

/// <summary>Users, for administrators. Nobody is deleted: what they did keeps their name.</summary>
public sealed partial class UsersPage
{
    private Actor? _actor;
    private IReadOnlyList<UserSummary> _users = [];
    private IReadOnlyList<string> _problems = [];
    private string _name = "";
    private string _password = "";
    private UserRole _role;
    private Guid? _renewed;

    [Inject]
    public required UserAccounts Accounts { get; init; }

    [Inject]
    public required CurrentActor Me { get; init; }

    [Inject]
    public required IOptions<WebOptions> Options { get; init; }

    protected override async Task OnInitializedAsync()
    {
        if (Options.Value.Access == AccessMode.Accounts)
        {
            _actor = await Me.GetAsync();
            _users = await Accounts.ListAsync(_actor, Left);
        }
    }

    private async Task CreateAsync()
    {
        if (await DoAsync(async actor => (await Accounts.CreateAsync(actor, _name, _password, _role, Left)).Problems))
        {
            _name = "";
        }

        _password = "";
    }

    private Task<bool> SetRoleAsync(UserSummary user, ChangeEventArgs change) =>
        DoAsync(actor => Accounts.SetRoleAsync(actor, user.Id, Enum.Parse<UserRole>((string)change.Value!), Left));

    private Task<bool> ToggleAsync(UserSummary user) => DoAsync(actor => Accounts.SetDisabledAsync(actor, user.Id, !user.Disabled, Left));

    private async Task SetPasswordAsync(UserSummary user, ChangeEventArgs change)
    {
        if (await DoAsync(actor => Accounts.SetPasswordAsync(actor, user.Id, change.Value as string ?? "", Left)))
        {
            _renewed = null;
        }
    }

    /// <returns>Whether it was done.</returns>
    private async Task<bool> DoAsync(Func<Actor, Task<IReadOnlyList<string>>> change)
    {
        _problems = await change(_actor!);
        _users = await Accounts.ListAsync(_actor!, Left);
        return _problems.Count == 0;
    }
}
