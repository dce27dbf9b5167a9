using System.Text;
using System.Text.Json.Nodes;
using MaeLab.Web.Tests.Api;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Access.Changes;

/// <summary>Every member of every body, as the OpenAPI document lists them, and the header that names a submission, with what would be more than a value.</summary>
public abstract class HostileBodyTests(ApiHost host)
{
    private static readonly string[] s_values = [.. HostilePayload.All.Select(text => JsonValue.Create(text).ToJsonString()), .. HostilePayload.Json];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_member_of_a_body_is_anything_but_a_value()
    {
        await host.SchedulerAsync();
        var (tried, wrong) = (0, new List<string>());
        var subjects = await ChangeSubjects.AddAsync(host, owner: null);
        var before = await CountAsync();
        var document = await host.GetAsync("openapi/v1.json");
        foreach (var request in ChangeRequest.All.Values.Where(request => request.Body is not null))
        {
            foreach (var path in MembersOf(document, request))
            {
                foreach (var value in s_values)
                {
                    tried++;
                    using var answer = await host.Http.SendAsync(request.MessageFor(subjects, With(request.Body!(subjects), path, value)), Cancel);
                    if ((int)answer.StatusCode >= 500 || IsInjected(answer))
                    {
                        wrong.Add($"{(int)answer.StatusCode} {request.Key}: {string.Join('.', path)} = {value[..Math.Min(value.Length, 40)]}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Prepend($"{wrong.Count} of {tried}")));
        Assert.True(tried > 1000, $"{tried} requests were tried.");
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task Name_of_a_submission_is_a_name_whatever_is_in_it()
    {
        await host.SchedulerAsync();
        // Line ends cannot be sent in a header.
        foreach (var payload in HostilePayload.All.Where(payload => !payload.Any(char.IsControl)))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/experiments") { Content = new StringContent("""{"name":"keyed","preset":"nano"}""", Encoding.UTF8, "application/json") };
            Assert.True(request.Headers.TryAddWithoutValidation("Idempotency-Key", payload));

            using var answer = await host.Http.SendAsync(request, Cancel);

            Assert.Equal((payload, payload.Length <= 200 ? 201 : 400), (payload, (int)answer.StatusCode));
        }
    }

    private static bool IsInjected(HttpResponseMessage answer) => answer.Headers.Concat(answer.Content.Headers).Any(header => header.Key == "X-Injected");

    /// <summary>Members, and theirs where they are objects.</summary>
    private static List<string[]> MembersOf(JsonObject document, ChangeRequest request)
    {
        var parts = request.Key.Split(' ');
        var paths = document["paths"]!.AsObject();
        var path = parts[1].Replace(":guid", "", StringComparison.Ordinal);
        var operation = (paths[path] ?? paths[path + "/"])![parts[0].ToLowerInvariant()]!;
        var members = Resolve(document, operation["requestBody"]!["content"]!["application/json"]!["schema"]!)["properties"]!.AsObject();
        return [.. members.Select(member => new[] { member.Key }), .. members.SelectMany(member => Inner(member.Value!).Select(inner => new[] { member.Key, inner }))];

        IEnumerable<string> Inner(JsonNode schema)
        {
            var options = schema["oneOf"]?.AsArray().Select(option => option!) ?? [schema];
            return options.SelectMany(option => Resolve(document, option)["properties"]?.AsObject().Select(member => member.Key) ?? []);
        }
    }

    private static JsonNode Resolve(JsonObject document, JsonNode schema) =>
        (string?)schema["$ref"] is { } reference ? document["components"]!["schemas"]![reference.Split('/')[^1]]! : schema;

    /// <summary>By text: what is not Unicode is in no tree of JSON.</summary>
    private static string With(string body, string[] path, string value)
    {
        const string Mark = "the value goes here";
        var root = JsonNode.Parse(body)!.AsObject();
        var parent = root;
        foreach (var step in path[..^1])
        {
            if (parent[step] is not JsonObject)
            {
                parent[step] = new JsonObject();
            }

            parent = parent[step]!.AsObject();
        }

        parent[path[^1]] = Mark;
        return root.ToJsonString().Replace($"\"{Mark}\"", value, StringComparison.Ordinal);
    }

    private async Task<(int Experiments, int Runs, int Users)> CountAsync()
    {
        await using var db = host.Database.Open();
        return (await db.Experiments.CountAsync(Cancel), await db.Runs.CountAsync(Cancel), await db.Users.CountAsync(Cancel));
    }
}

public sealed class HostileBodyOnSqliteTests(SqliteApiHost host) : HostileBodyTests(host), IClassFixture<SqliteApiHost>;

public sealed class HostileBodyOnPostgresTests(PostgresApiHost host) : HostileBodyTests(host), IClassFixture<PostgresApiHost>;
