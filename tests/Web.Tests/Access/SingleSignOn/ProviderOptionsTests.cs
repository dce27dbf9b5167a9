using MaeLab.Web.Access;
using MaeLab.Web.Access.SingleSignOn;

namespace MaeLab.Web.Tests.Access.SingleSignOn;

public sealed class ProviderOptionsTests
{
    [Theory]
    [InlineData("http://login.example.org", AccessMode.Accounts, "Authority")]
    [InlineData("login.example.org", AccessMode.Accounts, "Authority")]
    [InlineData("https://login.example.org", AccessMode.Local, "Authority")]
    [InlineData("https://login.example.org", AccessMode.Accounts, null)]
    [InlineData("http://127.0.0.1:5000", AccessMode.Accounts, null)]
    [InlineData("", AccessMode.Local, null)]
    public void Provider_is_asked_over_https_and_with_accounts_alone(string authority, AccessMode access, string? wrong)
    {
        var options = new WebOptions { Access = access, OpenIdConnect = new() { Authority = authority, ClientId = "maelab" } };

        Assert.Equal(wrong is null ? [] : [$"OpenIdConnect:{wrong}"], options.Check().Select(problem => problem.Key));
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var options = new ProviderOptions { Authority = "https://login.example.org", ClientSecretFile = "/nowhere", AdminValues = ["admins"], SessionLength = TimeSpan.Zero };

        Assert.Equal(["ClientId", "ClientSecretFile", "RoleClaim", "SessionLength"], options.Check(AccessMode.Accounts).Select(problem => problem.Key));
    }

    [Fact]
    public void Secret_of_a_file_is_read_without_the_end_of_its_line()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "secret\n");
            Assert.Equal("secret", new ProviderOptions { ClientSecretFile = file }.ReadSecret());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Whoever_has_no_role_is_a_viewer_where_no_value_is_asked_of_viewers() =>
        Assert.Equal(Domain.Accounts.UserRole.Viewer, new ProviderOptions { AdminValues = ["admins"], ViewerValues = [""] }.RoleOf(["students"]));
}
