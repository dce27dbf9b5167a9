using System.Net;
using MaeLab.Domain.Accounts;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Web.Tests.Api;

namespace MaeLab.Web.Tests.Access;

public sealed class RateLimitTests(RateLimitTests.NarrowHost host) : IClassFixture<RateLimitTests.NarrowHost>
{
    private const int PerMinute = 30;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_token_that_asks_too_often_waits_and_nobody_else()
    {
        var user = await host.AddUserAsync("hasty", UserRole.Viewer);
        using var hasty = await host.ProgramOfAsync(user, UserRole.Viewer);
        using var other = host.Program(await host.TokenOfAsync(await host.AddUserAsync("calm", UserRole.Viewer), UserRole.Viewer));

        var answers = await Task.WhenAll(Enumerable.Range(0, 4 * PerMinute).Select(_ => hasty.GetAsync("api/v1/views", Cancel)));

        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        var problem = await ApiHost.ReadProblemAsync(refused, HttpStatusCode.TooManyRequests);
        Assert.Equal("Too many requests.", (string)problem["title"]!);
        Assert.True(answers.Count(answer => answer.StatusCode == HttpStatusCode.OK) >= PerMinute);
        using var answered = await other.GetAsync("api/v1/views", Cancel);
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    [Fact]
    public async Task Guessing_on_is_refused_before_the_password_is_looked_at()
    {
        var door = Door.Closed(host.Http.BaseAddress!);
        using var http = door.CreateClient(redirects: false);
        HttpResponseMessage? last = null;
        for (var guess = 0; guess <= 10; guess++)
        {
            last?.Dispose();
            last = await door.PostFormAsync(http, "sign-in", new() { ["Input.Name"] = "nobody", ["Input.Password"] = $"guess {guess}" }, Cancel);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last!.StatusCode);
        Assert.InRange(last.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Contains("Too many tries", await last.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.NotNull(await Door.SignInAsync(host.Http.BaseAddress!, "viewer", AccountsHost.Password, Cancel));
    }

    public sealed class NarrowHost(SqliteFiles databases) : AccountsHost(databases)
    {
        protected override int? RequestsPerMinute => PerMinute;
    }
}
