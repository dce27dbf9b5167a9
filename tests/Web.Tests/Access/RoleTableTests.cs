using System.Net;
using System.Text.RegularExpressions;
using MaeLab.Domain.Accounts;
using MaeLab.Testing.Browsers;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Access;

/// <summary>
/// Who may what, over every endpoint and every page there is: whatever is new needs a row in <see cref="RoleTable"/>, and is closed to who
/// is not signed in until somebody says otherwise.
/// </summary>
public sealed partial class RoleTableTests(AccountsHost host) : IClassFixture<AccountsHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IReadOnlyList<(string Method, RouteEndpoint Endpoint)> Requests =>
        [.. host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"], (endpoint, method) => (method, endpoint))];

    [Fact]
    public void Every_endpoint_and_page_has_a_row_and_every_row_is_one_of_them()
    {
        var requests = Requests.Where(request => !IsOwnFile(request.Endpoint)).Select(KeyOf).Distinct().Order().ToList();
        var (missing, stale) = (requests.Except(RoleTable.Rows.Keys).ToList(), RoleTable.Rows.Keys.Except(requests).ToList());

        Assert.True(missing.Count == 0, $"Say in {nameof(RoleTable)} who may this:\n{string.Join('\n', missing)}");
        Assert.True(stale.Count == 0, $"These are there no more:\n{string.Join('\n', stale)}");
    }

    [Fact]
    public async Task Nobody_may_more_than_the_table_says_and_nobody_less()
    {
        var doors = new Dictionary<UserRole, Door>();
        foreach (var role in Enum.GetValues<UserRole>())
        {
            doors[role] = await host.SignInAsync(AccountsHost.NameOf(role));
        }

        var wrong = new List<string>();
        foreach (var request in Requests.Where(request => !IsOwnFile(request.Endpoint) && request.Endpoint.RoutePattern.RawText != "/sign-out"))
        {
            var least = RoleTable.Rows[KeyOf(request)];
            foreach (var (who, role) in new (string, UserRole?)[] { ("nobody", null), ("viewer", UserRole.Viewer), ("researcher", UserRole.Researcher), ("admin", UserRole.Admin) })
            {
                using var http = (role is { } own ? doors[own] : Door.Closed(host.Http.BaseAddress!)).CreateClient(redirects: false);
                using var message = new HttpRequestMessage(new(request.Method), AddressOf(request.Endpoint));
                using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, Cancel);
                var expected = least is null || role >= least ? "in" : role is null ? "sign in first" : "not allowed";
                if (Verdict(response) is var found && found != expected)
                {
                    wrong.Add($"{KeyOf(request)} for {who}: {found} ({(int)response.StatusCode}), not {expected}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Files_of_the_product_itself_are_for_everybody()
    {
        Assert.True(Requests.Count(request => IsOwnFile(request.Endpoint)) > 20, "There are scripts and styles.");
        using var http = Door.Closed(host.Http.BaseAddress!).CreateClient(redirects: false);
        foreach (var file in new[] { "css/base.css", "js/page.js", "_framework/blazor.web.js" })
        {
            using var response = await http.GetAsync(file, Cancel);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private string Verdict(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized => "sign in first",
        HttpStatusCode.Redirect when response.Headers.Location is { } to && new Uri(host.Http.BaseAddress!, to).AbsolutePath == "/sign-in" => "sign in first",
        HttpStatusCode.Forbidden => "not allowed",
        _ => "in",
    };

    /// <summary>The second are those that a build knows and a published web does not.</summary>
    private static bool IsOwnFile(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null || endpoint.RoutePattern.RawText == "{**path:file}";

    private static string KeyOf((string Method, RouteEndpoint Endpoint) request) => $"{request.Method} /{request.Endpoint.RoutePattern.RawText!.Trim('/')}";

    private static string AddressOf(RouteEndpoint endpoint) => '/' + Parameter().Replace(endpoint.RoutePattern.RawText!.Trim('/'), match =>
        match.Value.Contains("guid", StringComparison.OrdinalIgnoreCase) ? Guid.Empty.ToString() : match.Value.Contains("ocument", StringComparison.Ordinal) ? "v1" : "1");

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
