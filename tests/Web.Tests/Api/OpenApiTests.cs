using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;

namespace MaeLab.Web.Tests.Api;

public sealed class OpenApiTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
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

    [Fact]
    public async Task Document_tells_types_of_parameters_and_members()
    {
        var document = await host.GetAsync("openapi/v1.json");

        var parameters = document["paths"]!["/api/v1/runs"]!["get"]!["parameters"]!.AsArray().ToDictionary(p => (string)p!["name"]!);
        Assert.Equal("integer", (string)parameters["limit"]!["schema"]!["type"]!);
        Assert.Equal("uuid", (string)parameters["experiment"]!["schema"]!["format"]!);
        Assert.All(parameters.Values, parameter => Assert.False(string.IsNullOrEmpty((string?)parameter!["description"]), $"{parameter["name"]}"));

        JsonNode Schema(string name) => document["components"]!["schemas"]![name] ?? throw new InvalidOperationException($"There is no schema {name}.");
        Assert.Contains("queued", Schema("RunState")["enum"]!.AsArray().Select(word => (string?)word));
        Assert.Equal("number", (string)Schema("Recipe")["properties"]!["maskRatio"]!["type"]!);
    }
}
