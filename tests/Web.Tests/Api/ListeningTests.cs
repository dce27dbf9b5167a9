using MaeLab.Hosting;
using Microsoft.AspNetCore.Builder;

namespace MaeLab.Web.Tests.Api;

/// <summary>Web is never open to other machines without accounts.</summary>
public sealed class ListeningTests
{
    [Theory]
    [InlineData("--urls=http://0.0.0.0:80", true)]
    [InlineData("--urls=http://localhost:80;http://*:81", true)]
    [InlineData("--urls=http://lab-box:80", true)]
    [InlineData("--urls=https://[::]:80", true)]
    [InlineData("--http_ports=8080", true)]
    [InlineData("--Kestrel:Endpoints:A:Url=http://+:80", true)]
    [InlineData("--urls=http://127.0.0.1:80;http://[::1]:80;http://localhost:5000", false)]
    [InlineData("--Kestrel:Endpoints:A:Url=http://127.0.0.1:80", false)]
    [InlineData("--unrelated=1", false)]
    public void Address_that_others_can_reach_needs_accounts(string argument, bool refused)
    {
        Assert.Equal(refused, Problems(argument).Any(problem => problem.StartsWith("Web:Access: must be Accounts while others can reach", StringComparison.Ordinal)));
        Assert.DoesNotContain(Problems(argument, "--Web:Access=Accounts"), problem => problem.StartsWith("Web:", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Problems(params string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.AddMaeLabWeb();
        using var app = builder.Build();
        return ServiceHost.SettingsProblems(app.Services);
    }
}
