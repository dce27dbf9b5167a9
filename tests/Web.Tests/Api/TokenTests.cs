using System.Net;
using System.Net.Http.Headers;
using MaeLab.Testing.Databases;

namespace MaeLab.Web.Tests.Api;

public sealed class TokenTests(TokenTests.HostWithToken host) : IClassFixture<TokenTests.HostWithToken>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer SECRET")]
    [InlineData("Bearer secretsecret")]
    [InlineData("Basic secret")]
    public async Task Request_without_the_token_is_refused(string? authorization)
    {
        using var response = await SendAsync("api/v1/runs", authorization);

        await ApiHost.ReadProblemAsync(response, HttpStatusCode.Unauthorized);

        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Theory]
    [InlineData("api/v1/runs")]
    [InlineData("openapi/v1.json")]
    public async Task Request_with_the_token_is_answered(string address)
    {
        using var response = await SendAsync(address, "Bearer secret");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Token_in_the_address_does_not_open_the_api()
    {
        using var response = await SendAsync("api/v1/runs?token=secret", null);

        await ApiHost.ReadProblemAsync(response, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Token_in_the_address_of_a_page_leaves_a_cookie_and_the_rest_of_the_address()
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });

        using var response = await client.GetAsync(new Uri(host.Http.BaseAddress!, "runs?sort=seed&token=secret&q=a%20%26%20b"), Cancel);

        Assert.Equal("/runs?sort=seed&q=a%20%26%20b", response.Headers.Location?.OriginalString);
        // Strict would keep it back from whoever follows a link from elsewhere.
        Assert.Contains("samesite=lax", Assert.Single(response.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_needs_no_token()
    {
        using var response = await SendAsync("healthz", null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(string address, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (authorization is not null)
        {
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
        }

        return await host.Http.SendAsync(request, Cancel);
    }

    public sealed class HostWithToken(SqliteFiles databases) : ApiHost(databases)
    {
        protected override string Token => "secret";
    }
}
