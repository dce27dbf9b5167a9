using System.Text.Json.Nodes;
using MaeLab.Domain.Ablations;
using Microsoft.AspNetCore.Http.Metadata;
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
        ["experiment"] = (JsonSchemaType.String, "uuid", null),
    };

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
                    + "Where a token is set, send it as `Authorization: Bearer TOKEN`.",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
            {
                if (s_parameters.TryGetValue(parameter.Name!, out var known))
                {
                    parameter.Schema = new OpenApiSchema { Type = known.Type, Format = known.Format };
                    parameter.Description ??= known.Description;
                }
            }

            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAcceptsMetadata>().Any(body => body.RequestType == typeof(ExperimentDefinition))
                && operation.RequestBody?.Content is { } bodies && bodies.TryGetValue("application/json", out var definition))
            {
                definition.Example = JsonNode.Parse(Example);
            }

            return Task.CompletedTask;
        });
    });

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
