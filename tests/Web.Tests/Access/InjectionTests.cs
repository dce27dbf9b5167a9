using System.Text.Json.Nodes;
using MaeLab.Domain.Runs;
using MaeLab.Web.Tests.Api;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Access;

/// <summary>Every parameter of every request that reads, as the OpenAPI document lists them, with what would be SQL, a header or a path of its own.</summary>
public abstract class InjectionTests(ApiHost host)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_parameter_is_anything_but_a_value()
    {
        var (experiment, runs) = await host.Samples.AddAsync(index => index == 0 ? RunState.Completed : RunState.Queued, Cancel, """{"name":"injected","axes":{"maskRatio":[0.5,0.75]}}""");
        var before = await CountAsync();
        var (tried, wrong) = (0, new List<string>());
        foreach (var (path, operations) in (await host.GetAsync("openapi/v1.json"))["paths"]!.AsObject())
        {
            var address = path.Replace("/api/v1/experiments/{id}", $"/api/v1/experiments/{experiment}", StringComparison.Ordinal).Replace("{id}", runs[0].ToString(), StringComparison.Ordinal);
            foreach (var parameter in operations!["get"]?["parameters"]?.AsArray().Where(parameter => (string)parameter!["in"]! == "query") ?? [])
            {
                foreach (var payload in HostilePayload.All)
                {
                    tried++;
                    using var answer = await host.Http.GetAsync($"{address}?{(string)parameter!["name"]!}={Uri.EscapeDataString(payload)}", Cancel);
                    if ((int)answer.StatusCode >= 500 || answer.Headers.Contains("X-Injected") || answer.Content.Headers.Contains("X-Injected"))
                    {
                        wrong.Add($"{(int)answer.StatusCode} {address}: {(string)parameter["name"]!} = {payload[..Math.Min(payload.Length, 40)]}");
                    }
                }
            }
        }

        Assert.Empty(wrong);
        Assert.True(tried > 300, $"{tried} requests were tried.");
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task Name_of_an_experiment_cannot_leave_the_header_of_its_file()
    {
        const string Name = "a\"; filename=evil.exe; x=\" ü/../";
        var (experiment, _) = await host.Samples.AddAsync(_ => RunState.Completed, Cancel, new JsonObject { ["name"] = Name, ["preset"] = "nano", ["axes"] = new JsonObject { ["maskRatio"] = new JsonArray(0.5, 0.75) } }.ToJsonString());

        foreach (var file in new[] { "report", "archive", "export?format=csv" })
        {
            using var answer = await host.Http.GetAsync($"api/v1/experiments/{experiment}/{file}", Cancel);
            var disposition = answer.Content.Headers.ContentDisposition!;
            var name = (disposition.FileNameStar ?? disposition.FileName)!.Trim('"');
            Assert.DoesNotContain("evil.exe;", disposition.Parameters.Where(parameter => parameter.Name is not ("filename" or "filename*")).Select(parameter => parameter.ToString()));
            Assert.DoesNotContain('/', name);
            Assert.DoesNotContain('"', name);
        }
    }

    [Fact]
    public async Task Text_that_looks_like_sql_is_found_by_itself_alone()
    {
        const string Name = "100%_'; DROP TABLE runs; --";
        await host.Samples.AddAsync(_ => RunState.Queued, Cancel, new JsonObject { ["name"] = Name }.ToJsonString());

        Assert.Single((await host.GetAsync($"api/v1/runs?q={Uri.EscapeDataString(Name)}"))["items"]!.AsArray());
        Assert.Empty((await host.GetAsync($"api/v1/runs?q={Uri.EscapeDataString("100__'; DROP")}"))["items"]!.AsArray());
    }

    private async Task<(int Experiments, int Runs)> CountAsync()
    {
        await using var db = host.Database.Open();
        return (await db.Experiments.CountAsync(Cancel), await db.Runs.CountAsync(Cancel));
    }
}

public sealed class InjectionOnSqliteTests(SqliteApiHost host) : InjectionTests(host), IClassFixture<SqliteApiHost>;

public sealed class InjectionOnPostgresTests(PostgresApiHost host) : InjectionTests(host), IClassFixture<PostgresApiHost>;
