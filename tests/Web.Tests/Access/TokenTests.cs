using System.Net;
using MaeLab.Domain.Accounts;
using MaeLab.Testing.Browsers;
using MaeLab.Web.Access;
using MaeLab.Web.Tests.Api;
using MaeLab.Web.Tests.Pages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Access;

public sealed class TokenTests(AccountsHost host, Chromium chromium) : IClassFixture<AccountsHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task Request_without_a_token_that_is_known_is_refused(string? token)
    {
        using var http = host.Program(token);
        using var response = await http.GetAsync("api/v1/runs", Cancel);

        await ApiHost.ReadProblemAsync(response, HttpStatusCode.Unauthorized);

        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task Token_is_shown_once_and_only_its_hash_is_stored()
    {
        var user = await host.AddUserAsync("teller", UserRole.Researcher);
        await using var browser = await chromium.OpenAsync(await host.SignInAsync("teller"));
        await browser.GoAsync("/tokens");
        await browser.TestId("token-name").FillAsync("notebook");
        await browser.TestId("token-scope").SelectOptionAsync("researcher");
        await browser.TestId("token-create").ClickAsync();
        var token = await browser.TestId("token").InnerTextAsync();

        await browser.GoAsync("/tokens");

        await browser.TestId("tokens").ShowsAsync("notebook");
        Assert.DoesNotContain(token, await browser.Page.ContentAsync(), StringComparison.Ordinal);
        await using var db = host.Database.Open();
        var row = await db.ApiTokens.SingleAsync(own => own.UserId == user.Id, Cancel);
        Assert.DoesNotContain(token[TokenStore.Prefix.Length..], row.Hash, StringComparison.Ordinal);
        Assert.Equal(64, row.Hash.Length);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(token));
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Token_that_is_revoked_or_expired_opens_nothing()
    {
        var user = await host.AddUserAsync("owner", UserRole.Viewer);
        var tokens = host.Services.GetRequiredService<TokenStore>();
        var (revoked, expired) = (await host.TokenOfAsync(user, UserRole.Viewer), await host.TokenOfAsync(user, UserRole.Viewer));
        var actor = new Actor("owner", UserRole.Viewer, user.Id);
        var rows = await tokens.ListAsync(actor, Cancel);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await AskAsync(revoked), await AskAsync(expired)));

        Assert.True(await tokens.RevokeAsync(actor, rows[1].Id, Cancel));
        await using var db = host.Database.Open();
        await db.ApiTokens.Where(row => row.Id == rows[0].Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.ExpiresAt, DateTimeOffset.UtcNow.AddSeconds(-1)), Cancel);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (await AskAsync(revoked), await AskAsync(expired)));
    }

    [Fact]
    public async Task Token_may_what_its_scope_and_its_owner_may()
    {
        var user = await host.AddUserAsync("demoted", UserRole.Researcher);
        var (narrow, wide) = (await host.TokenOfAsync(user, UserRole.Viewer), await host.TokenOfAsync(user, UserRole.Researcher));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NotFound), (await CancelAsync(narrow), await CancelAsync(wide)));

        await host.ChangeAsync(user, row => row.Role = UserRole.Viewer);
        Assert.Equal(HttpStatusCode.Forbidden, await CancelAsync(wide));

        await host.ChangeAsync(user, row => row.Disabled = true);
        Assert.Equal(HttpStatusCode.Unauthorized, await CancelAsync(wide));
    }

    [Fact]
    public async Task Nobody_makes_a_token_that_may_more_than_they()
    {
        var user = await host.AddUserAsync("modest", UserRole.Viewer);

        await Assert.ThrowsAsync<NotAllowedException>(() => host.TokenOfAsync(user, UserRole.Researcher));
        var tokens = host.Services.GetRequiredService<TokenStore>();
        await Assert.ThrowsAsync<NotAllowedException>(() => tokens.CreateAsync(new("a token", UserRole.Admin, user.Id, ByToken: true), "x", UserRole.Viewer, 1, Cancel));
    }

    [Fact]
    public async Task Nobody_revokes_the_token_of_another()
    {
        var user = await host.AddUserAsync("mine", UserRole.Viewer);
        var token = await host.TokenOfAsync(user, UserRole.Viewer);
        var tokens = host.Services.GetRequiredService<TokenStore>();
        var id = (await tokens.ListAsync(new("mine", UserRole.Viewer, user.Id), Cancel)).Single().Id;
        var other = await host.AddUserAsync("theirs", UserRole.Admin);

        Assert.False(await tokens.RevokeAsync(new("theirs", UserRole.Admin, other.Id), id, Cancel));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(token));
    }

    private async Task<HttpStatusCode> AskAsync(string token)
    {
        using var http = host.Program(token);
        using var response = await http.GetAsync("api/v1/runs", Cancel);
        return response.StatusCode;
    }

    private async Task<HttpStatusCode> CancelAsync(string token)
    {
        using var http = host.Program(token);
        using var response = await http.PostAsync($"api/v1/runs/{Guid.Empty}/cancel", null, Cancel);
        return response.StatusCode;
    }
}
