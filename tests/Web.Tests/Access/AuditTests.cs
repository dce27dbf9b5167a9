using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MaeLab.Domain.Accounts;
using MaeLab.Domain.Runs;
using MaeLab.Testing.Browsers;
using MaeLab.Web.Access;
using MaeLab.Web.Tests.Api;
using MaeLab.Web.Tests.Pages;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Access;

public sealed class AuditTests(AccountsHost host, Chromium chromium) : IClassFixture<AccountsHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_kind_of_change_is_written_down_once()
    {
        await host.SchedulerAsync();
        var user = await host.AddUserAsync("busy", UserRole.Researcher);
        using var http = await host.ProgramOfAsync(user, UserRole.Researcher);
        var (experiment, runs) = await host.Samples.AddAsync(index => index == 0 ? RunState.Failed : RunState.Queued, Cancel, """{"name":"busy","axes":{"seed":[0,1]}}""");

        await SendAsync(http, "POST", "experiments", """{"name":"asked","preset":"nano"}""");
        await SendAsync(http, "POST", $"runs/{runs[1]}/pause");
        await SendAsync(http, "POST", $"runs/{runs[0]}/retry");
        await SendAsync(http, "PATCH", $"experiments/{experiment}", """{"priority":5}""");
        await SendAsync(http, "PATCH", $"runs/{runs[1]}", """{"priority":7}""");
        await SendAsync(http, "POST", $"runs/{runs[1]}/move", "{}");
        await SendAsync(http, "DELETE", $"runs/{runs[0]}");
        await SendAsync(http, "POST", $"experiments/{experiment}/cancel");

        using var admin = (await host.SignInAsync("admin")).CreateClient();
        var entries = (await ReadAsync(admin, "api/v1/audit?limit=1000"))["items"]!.AsArray().Where(entry => (string)entry!["actor"]! == "busy (token a program)").Reverse();
        Assert.Equal(
            ["SubmitExperiment", "PauseRun", "RetryRun", "ChangeExperiment", "PrioritizeRuns", "MoveRuns", "DeleteRuns", "CancelRun"],
            entries.Select(entry => (string)entry!["action"]!));
        Assert.Contains(entries, entry => (string)entry!["subject"]! == $"experiment {experiment}, priority 5");
        Assert.Contains(entries, entry => (string)entry!["subject"]! == $"runs {runs[0]}");
    }

    [Fact]
    public async Task Log_is_read_page_by_page()
    {
        var user = await host.AddUserAsync("many", UserRole.Viewer);
        for (var i = 0; i < 5; i++)
        {
            await host.TokenOfAsync(user, UserRole.Viewer);
        }

        using var admin = (await host.SignInAsync("admin")).CreateClient();
        var (cursor, seen) = ((string?)null, new List<string>());
        do
        {
            var page = await ReadAsync(admin, $"api/v1/audit?limit=2&cursor={cursor}");
            Assert.InRange(page["items"]!.AsArray().Count, 1, 2);
            seen.AddRange(page["items"]!.AsArray().Select(entry => (string)entry!["id"]!));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);

        Assert.True(seen.Count >= 5);
        Assert.Equal(seen.Distinct().OrderDescending(StringComparer.Ordinal), seen);
    }

    [Fact]
    public async Task What_happens_within_a_millisecond_is_in_the_order_it_happened()
    {
        var audit = host.Services.GetRequiredService<AuditLog>();
        var subjects = Enumerable.Range(0, 200).Select(number => $"quick {number}").ToList();

        await audit.WriteAsync(new("quick", UserRole.Admin), subjects.Select(subject => ("Quick", (string?)subject)), Cancel);

        var (entries, _) = await audit.ListAsync(null, 1000, Cancel);
        Assert.Equal(subjects.Reverse<string>(), entries.Where(entry => entry.Action == "Quick").Select(entry => entry.Subject));
    }

    [Fact]
    public async Task Administrator_reads_it_on_a_page()
    {
        var user = await host.AddUserAsync("seen", UserRole.Viewer);
        await host.TokenOfAsync(user, UserRole.Viewer);
        await using var browser = await chromium.OpenAsync(await host.SignInAsync("admin"));

        await browser.GoAsync("/audit");

        await browser.TestId("audit").ShowsAsync("CreateToken");
        await browser.TestId("audit").ShowsAsync("a program, Viewer, 30 days");
        Assert.Empty(browser.Problems);
    }

    private static async Task SendAsync(HttpClient http, string method, string address, string? body = null)
    {
        using var request = new HttpRequestMessage(new(method), $"api/v1/{address}") { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await http.SendAsync(request, Cancel);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {address}: {await answer.Content.ReadAsStringAsync(Cancel)}");
    }

    private static async Task<JsonObject> ReadAsync(HttpClient http, string address)
    {
        using var answer = await http.GetAsync(address, Cancel);
        return await ApiHost.ReadAsync(answer, HttpStatusCode.OK);
    }
}
