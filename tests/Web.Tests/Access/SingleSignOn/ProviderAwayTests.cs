using System.Net;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;

namespace MaeLab.Web.Tests.Access.SingleSignOn;

public sealed class ProviderAwayTests(ProviderAwayTests.AwayHost host) : IClassFixture<ProviderAwayTests.AwayHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Provider_that_does_not_answer_leaves_the_password()
    {
        using var http = Door.Closed(host.Http.BaseAddress!).CreateClient();

        using var answer = await http.GetAsync("sign-in/provider", Cancel);

        Assert.Equal("/sign-in?problem=Away", answer.RequestMessage!.RequestUri!.PathAndQuery);
        Assert.Contains("Example University does not answer", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.NotNull(await Door.SignInAsync(host.Http.BaseAddress!, "viewer", AccountsHost.Password, Cancel));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("0")]
    [InlineData("nothing known")]
    public async Task Page_says_nothing_that_the_address_says(string problem)
    {
        using var http = Door.Closed(host.Http.BaseAddress!).CreateClient();

        var page = await http.GetStringAsync($"sign-in?problem={Uri.EscapeDataString(problem)}", Cancel);

        Assert.DoesNotContain("field-error", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trying_codes_is_refused_after_a_while()
    {
        using var http = Door.Closed(host.Http.BaseAddress!).CreateClient(redirects: false);
        // Of another address than the other tests'.
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.7");
        var answers = new List<HttpStatusCode>();
        for (var guess = 0; guess <= 60; guess++)
        {
            using var answer = await http.GetAsync($"sign-in/provider/callback?code={guess}&state=guessed", Cancel);
            answers.Add(answer.StatusCode);
            if (guess == 60)
            {
                Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
            }
        }

        Assert.Equal(HttpStatusCode.Redirect, answers[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
    }

    public sealed class AwayHost(SqliteFiles databases) : ProviderHost(databases)
    {
        // Nobody listens to the port for discarding.
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(base.Settings) { ["Web:OpenIdConnect:Authority"] = "http://127.0.0.1:9" };
    }
}
