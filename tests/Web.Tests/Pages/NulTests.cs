using System.Net;
using System.Text.RegularExpressions;

namespace MaeLab.Web.Tests.Pages;

public sealed class NulTests(PageHost host) : IClassFixture<PageHost>
{
    [Theory]
    [InlineData("experiment", "metric=%00")]
    [InlineData("experiment", "fixed=a%00:b")]
    [InlineData("runs", "q=%00")]
    [InlineData("experiments", "a%00=b")]
    public async Task Page_of_an_address_with_a_nul_says_that_there_is_none(string page, string query)
    {
        using var response = await host.Http.GetAsync($"{host.AddressOf(page)}?{query}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Matches(new Regex("There is no such page"), await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
