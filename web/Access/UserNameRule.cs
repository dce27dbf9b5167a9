using MaeLab.Storage.Model;
using Microsoft.AspNetCore.Identity;

namespace MaeLab.Web.Access;

/// <summary>What every name of a user must be, whoever gives it.</summary>
internal sealed class UserNameRule : IUserValidator<UserRow>
{
    public Task<IdentityResult> ValidateAsync(UserManager<UserRow> manager, UserRow user) => Task.FromResult(
        UserAccounts.IsName(user.Name) ? IdentityResult.Success : IdentityResult.Failed(new IdentityError { Code = nameof(UserNameRule), Description = UserAccounts.NameRule }));
}
