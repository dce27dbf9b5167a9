using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using MaeLab.Testing.Ring;
using Microsoft.AspNetCore.Routing;

namespace MaeLab.Web.Tests.Api;

public sealed class OpenApiTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
    private static string CheckedIn => Path.Combine(Repository.Root, "web", "openapi.json");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Document_has_every_route_with_name_summary_tag_and_answers()
    {
        var paths = (await host.GetAsync("openapi/v1.json"))["paths"]!.AsObject();
        var names = new HashSet<string>();
        foreach (var endpoint in host.Endpoints)
        {
            var path = endpoint.RoutePattern.RawText!.Replace(":guid", "", StringComparison.Ordinal).TrimEnd('/');
            var method = endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Single();
            var operation = (paths[path] ?? paths[path + "/"])?[method.ToLowerInvariant()];

            Assert.True(operation is not null, $"{method} {path} is missing");
            Assert.True(names.Add((string)operation["operationId"]!), $"{method} {path}: a name of its own");
            Assert.False(string.IsNullOrEmpty((string?)operation["summary"]), $"{method} {path}: a summary");
            Assert.Single(operation["tags"]!.AsArray());
            Assert.Contains(operation["responses"]!.AsObject(), answer => answer.Key.StartsWith('2') && answer.Value!["content"] is not null);
            Assert.All(
                operation["responses"]!.AsObject().Where(answer => answer.Key[0] is '4' or '5'),
                answer => Assert.NotNull(answer.Value!["content"]?["application/problem+json"]));
        }

        Assert.Equal(names.Count, paths.Sum(path => path.Value!.AsObject().Count));
    }

    /// <summary>Clients are made of the file (System.Tests), so that a change of the API is seen where it is reviewed.</summary>
    [Fact]
    public async Task Document_is_the_one_that_is_checked_in()
    {
        var checkedIn = JsonNode.Parse(await File.ReadAllTextAsync(CheckedIn, Cancel));

        Assert.True(
            JsonNode.DeepEquals(checkedIn, await host.GetAsync("openapi/v1.json")),
            $"The API has changed. Write web/openapi.json anew: MaeLab.Web.Tests -explicit only -method \"*{nameof(Write_the_document)}\"");
    }

    [Fact(Explicit = true)]
    public async Task Write_the_document()
    {
        var document = await host.GetAsync("openapi/v1.json");
        await File.WriteAllTextAsync(CheckedIn, document.ToJsonString(new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n", Cancel);
    }

    [Fact]
    public async Task Every_parameter_is_described_and_every_file_is_bytes()
    {
        foreach (var (path, operations) in (await host.GetAsync("openapi/v1.json"))["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                Assert.All(
                    operation!["parameters"]?.AsArray() ?? [],
                    parameter => Assert.False(string.IsNullOrEmpty((string?)parameter!["description"]), $"{method} {path}: {parameter["name"]}"));
                var answers = operation["responses"]!.AsObject();
                Assert.All(
                    answers.Where(answer => answer.Key[0] == '2').SelectMany(answer => answer.Value!["content"]!.AsObject()),
                    content => Assert.True(
                        content.Key == "application/json" ? content.Value!["schema"] is not null : (string?)content.Value!["schema"]!["format"] == "binary", $"{method} {path}: {content.Key}"));
                Assert.True(answers.Count > 1 == answers.ContainsKey("default"), $"{method} {path}: what else can go wrong");
            }
        }
    }

    [Fact]
    public async Task Document_tells_types_of_parameters_and_members()
    {
        var document = await host.GetAsync("openapi/v1.json");

        var parameters = document["paths"]!["/api/v1/runs"]!["get"]!["parameters"]!.AsArray().ToDictionary(p => (string)p!["name"]!);
        Assert.Equal("integer", (string)parameters["limit"]!["schema"]!["type"]!);
        Assert.Equal("uuid", (string)parameters["experiment"]!["schema"]!["format"]!);
        Assert.All(parameters.Values, parameter => Assert.False(string.IsNullOrEmpty((string?)parameter!["description"]), $"{parameter["name"]}"));

        JsonNode Schema(string name) => document["components"]!["schemas"]![name] ?? throw new InvalidOperationException($"There is no schema {name}.");
        Assert.Equal("string", (string)Schema("RunState")["type"]!);
        Assert.Equal(1, (double)Schema("ExperimentDefinition")["properties"]!["weight"]!["default"]!);
        Assert.Contains("queued", Schema("RunState")["enum"]!.AsArray().Select(word => (string?)word));
        Assert.Equal("number", (string)Schema("Recipe")["properties"]!["maskRatio"]!["type"]!);
    }
}
