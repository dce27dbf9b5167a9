using System.Text.Json.Nodes;
using MaeLab.Domain.Ablations;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MaeLab.Web.Api;

/// <summary>The document at <c>/openapi/v1.json</c>: what the endpoints themselves cannot tell.</summary>
internal static class OpenApiDocumentation
{
    /// <summary>Parameters are read as text, so that all that is wrong is said at once; here is what they are.</summary>
    private static readonly Dictionary<string, (JsonSchemaType Type, string? Format, string? Description)> s_parameters = new()
    {
        ["cursor"] = (JsonSchemaType.String, null, "nextCursor of the page before; without it the first page is given."),
        ["limit"] = (JsonSchemaType.Integer, null, "Items at most, 1 to 1,000; 100 by default."),
        ["points"] = (JsonSchemaType.Integer, null, null),
        ["after"] = (JsonSchemaType.Integer, "int64", null),
        ["from"] = (JsonSchemaType.Number, "double", null),
        ["to"] = (JsonSchemaType.Number, "double", null),
        ["step"] = (JsonSchemaType.Integer, "int64", null),
        ["against"] = (JsonSchemaType.Integer, "int32", null),
        ["format"] = (JsonSchemaType.String, null, "csv or latex."),
        ["checkpoints"] = (JsonSchemaType.String, null, "none (the default), final or all."),
        ["experiment"] = (JsonSchemaType.String, "uuid", null),
    };

    private const string BearerScheme = "token";

    public static IServiceCollection AddMaeLabOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "MaeLab",
                Version = "v1",
                Description = "Queue ablations of masked autoencoders, follow their runs, read their results. "
                    + "Errors are problem+json; a request that is not valid names every field or parameter in `errors`. "
                    + "Lists are `{items, nextCursor}`: pass `nextCursor` as `cursor` for the next page. "
                    + "Every request needs a token, as `Authorization: Bearer TOKEN`: the page /tokens makes them. "
                    + "401: it is unknown, expired or revoked; 403: its role does not allow this; 429: too many requests, see `Retry-After`.",
            };
            document.Components ??= new();
            document.AddComponent(BearerScheme, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API token of MaeLab." });
            document.Security = [new() { [new(BearerScheme, document)] = [] }];
            // A client knows where it found the document; a proxy before this server would make any address here wrong.
            document.Servers = [];
            return Task.CompletedTask;
        });
        // Any JSON, said where it stands: by a name it would become a class of its own.
        options.CreateSchemaReferenceId = type => type.Type == typeof(JsonNode) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // Its converter does not tell that it writes words.
            if (schema.Enum is { Count: > 0 } && (Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type).IsEnum)
            {
                schema.Type = JsonSchemaType.String;
            }

            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
            {
                parameter.Description ??= parameter.In == ParameterLocation.Path ? Subject(context.Description.RelativePath!, parameter.Name!) : null;
                if (s_parameters.TryGetValue(parameter.Name!, out var known))
                {
                    parameter.Schema = new OpenApiSchema { Type = known.Type, Format = known.Format };
                    parameter.Description ??= known.Description;
                }
            }

            DescribeAnswers(operation.Responses!);
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAcceptsMetadata>().Any(body => body.RequestType == typeof(ExperimentDefinition))
                && operation.RequestBody?.Content is { } bodies && bodies.TryGetValue("application/json", out var definition))
            {
                definition.Example = JsonNode.Parse(Example);
            }

            return Task.CompletedTask;
        });
    });

    /// <summary>"Id of the run." of <c>api/v1/runs/{id}/logs</c>.</summary>
    private static string Subject(string path, string name)
    {
        var parts = path.Split('/');
        var whose = parts[Array.FindIndex(parts, part => part.StartsWith($"{{{name}", StringComparison.Ordinal)) - 1];
        return $"{(name == "cell" ? "Index" : "Id")} of the {whose.TrimEnd('s').Replace('-', ' ')}.";
    }

    /// <summary>A file is bytes, whatever is in it; and any request may fail in ways that are not its own.</summary>
    private static void DescribeAnswers(OpenApiResponses answers)
    {
        foreach (var (type, content) in answers.Where(answer => answer.Key.StartsWith('2')).SelectMany(answer => answer.Value.Content ?? new Dictionary<string, OpenApiMediaType>()))
        {
            if (type != "application/json")
            {
                content.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
            }
        }

        if (answers.Values.FirstOrDefault(answer => answer.Content?.ContainsKey(ProblemType) == true) is { } problem)
        {
            answers.TryAdd("default", new OpenApiResponse { Description = "No or no valid token, read-only, a fault of the server.", Content = problem.Content });
        }
    }

    private const string ProblemType = "application/problem+json";

    private const string Example =
        """
        {
          "name": "Mask ratio x patch size",
          "preset": "nano",
          "base": { "epochs": 10 },
          "axes": { "maskRatio": [0.5, 0.75], "patchSize": [4, 7], "seed": [0, 1, 2] }
        }
        """;
}
