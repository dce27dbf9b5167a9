using MaeLab.Domain.Accounts;
using MaeLab.Storage.Model;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Access;

/// <summary>How long a refusal takes tells nobody whether there is such a user.</summary>
public sealed class PasswordWorkTests(PasswordWorkTests.CountingHost host) : IClassFixture<PasswordWorkTests.CountingHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("unknown")]
    [InlineData("known")]
    [InlineData("disabled")]
    [InlineData("locked")]
    [InlineData("without a password")]
    public async Task Refused_sign_in_compares_one_password_whoever_it_is_for(string who)
    {
        if (who != "unknown")
        {
            await host.ChangeAsync(await host.AddUserAsync(who, UserRole.Viewer), user =>
            {
                user.Disabled = who == "disabled";
                user.LockedUntil = who == "locked" ? DateTimeOffset.UtcNow.AddDays(1) : null;
                user.PasswordHash = who == "without a password" ? null : user.PasswordHash;
            });
        }

        var before = host.Hasher.Compared;

        Assert.Null(await Door.SignInAsync(host.Http.BaseAddress!, who, "not the password", Cancel));

        Assert.Equal(before + 1, host.Hasher.Compared);
    }

    public sealed class CountingHost(SqliteFiles databases) : AccountsHost(databases)
    {
        internal CountingHasher Hasher { get; } = new();

        protected override void Configure(IServiceCollection services)
        {
            base.Configure(services);
            services.AddSingleton<IPasswordHasher<UserRow>>(Hasher);
        }
    }

    internal sealed class CountingHasher : PasswordHasher<UserRow>
    {
        private int _compared;

        public int Compared => _compared;

        public override PasswordVerificationResult VerifyHashedPassword(UserRow user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref _compared);
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
