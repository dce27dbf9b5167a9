using MaeLab.Domain.Accounts;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Access.Changes;

/// <summary>Every way to change something by the API, and what the audit log has of it. Pages take the same ways.</summary>
public sealed class AuditTableTests(AccountsHost host) : IClassFixture<AccountsHost>
{
    public static TheoryData<string> Keys => [.. ChangeRequest.All.Keys];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_request_that_could_change_something_has_a_row()
    {
        var requests = host.Endpoints.SelectMany(endpoint => endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()!.HttpMethods, (endpoint, method) => $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}")
            .Where(request => !request.StartsWith("GET ", StringComparison.Ordinal)).Distinct();

        Assert.Equal(requests.Order(StringComparer.Ordinal), ChangeRequest.All.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Change_is_in_the_audit_log_with_who_it_was(string key)
    {
        await host.SchedulerAsync();
        var request = ChangeRequest.All[key];
        var user = await host.AddUserAsync($"auditor {Guid.NewGuid()}", UserRole.Admin);
        using var http = (await host.SignInAsync(user.Name)).CreateClient(redirects: false);
        var subjects = await ChangeSubjects.AddAsync(host, user.Id);

        using var answer = await http.SendAsync(request.MessageFor(subjects), Cancel);

        Assert.True(answer.IsSuccessStatusCode || key.Contains("{message}", StringComparison.Ordinal), $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancel)}");
        await using var db = host.Database.Open();
        var entries = await db.AuditEntries.Where(entry => entry.UserId == user.Id && entry.Action != "SignIn").ToListAsync(Cancel);
        Assert.Equal(request.Action is null ? [] : [request.Action], entries.Select(entry => entry.Action).Distinct());
        Assert.All(entries, entry => Assert.False(string.IsNullOrEmpty(entry.Subject)));
    }

    [Fact]
    public async Task What_was_said_of_runs_is_told_and_what_is_as_it_was_is_not()
    {
        var user = await host.AddUserAsync($"writer {Guid.NewGuid()}", UserRole.Admin);
        using var http = (await host.SignInAsync(user.Name)).CreateClient(redirects: false);
        var subjects = await ChangeSubjects.AddAsync(host, user.Id);
        var request = ChangeRequest.All["PATCH /api/v1/runs/{id:guid}/annotation"];
        foreach (var body in new[] { """{"tags":["paper"],"note":"odd"}""", """{"tags":["paper"],"note":"odd"}""", """{"tags":["poster"],"archived":true,"note":""}""" })
        {
            using var answer = await http.SendAsync(request.MessageFor(subjects, body), Cancel);
            Assert.True(answer.IsSuccessStatusCode);
        }

        await using var db = host.Database.Open();
        Assert.Equal(
            [$"runs {request.Id!(subjects)}: tagged paper, note written", $"runs {request.Id!(subjects)}: tagged poster, no longer tagged paper, archived, note deleted"],
            await db.AuditEntries.Where(entry => entry.UserId == user.Id && entry.Action == "AnnotateRuns").OrderBy(entry => entry.Id).Select(entry => entry.Subject).ToListAsync(Cancel));
    }
}
