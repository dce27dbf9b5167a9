using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Nodes;
using MaeLab.Domain;
using MaeLab.Domain.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MaeLab.Web.Api;

/// <summary>The body of a request as text: all that is wrong with it is then said by the one place that knows its shape.</summary>
internal static class RequestBody
{
    /// <summary>A definition with 10,000 levels has a tenth of this.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>For the endpoint that calls <see cref="ReadTextAsync"/>: the server then reads no more than this.</summary>
    public static RequestSizeLimitAttribute Limit { get; } = new(MaxBytes);

    private static readonly JsonSerializerOptions s_strict = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        Converters = { new EnumWordConverter<UserRole>() },
    };

    /// <summary>For the endpoint that calls <see cref="ReadAsync"/>: what it takes, and what can be wrong with that.</summary>
    public static RouteHandlerBuilder TakesBody<T>(this RouteHandlerBuilder endpoint)
        where T : notnull => endpoint
        .Accepts<T>("application/json").WithMetadata(Limit).ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

    /// <summary>A small body of fixed shape.</summary>
    /// <param name="check">What is wrong with values that could be read.</param>
    /// <returns>The body, or its errors, or what is wrong with the request as a whole.</returns>
    public static async Task<(T? Body, IEnumerable<FieldError> Errors, ProblemHttpResult? Problem)> ReadAsync<T>(
        HttpRequest request, Func<T, IEnumerable<FieldError>> check, CancellationToken cancellationToken)
        where T : class
    {
        var (text, problem) = await ReadTextAsync(request, cancellationToken);
        if (problem is not null)
        {
            return (null, [], problem);
        }

        try
        {
            var body = JsonSerializer.Deserialize<T>(text, s_strict);
            List<FieldError> errors = body is null ? [new("", "The body must be a JSON object.")] : [.. check(body)];
            return (errors.Count > 0 ? null : body, errors, null);
        }
        catch (JsonException error)
        {
            var field = (error.Path ?? "").TrimStart('$').TrimStart('.');
            var members = string.Join(", ", typeof(T).GetProperties().Select(member => $"{JsonNamingPolicy.CamelCase.ConvertName(member.Name)} ({Word(member.PropertyType)})"));
            return (null, [new(field, $"This is not as it must be. Known: {members}.")], null);
        }
    }

    private static string Word(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var id when id == typeof(Guid) => "an id",
        var number when number == typeof(int) => "a whole number",
        var text when text == typeof(string) => "a text",
        var flag when flag == typeof(bool) => "true or false",
        { IsEnum: true } words => string.Join(" or ", words.GetEnumNames().Select(JsonNamingPolicy.CamelCase.ConvertName)),
        var texts when texts == typeof(IReadOnlyList<string>) => "a list of texts",
        var json when json == typeof(JsonObject) => "an object",
        _ => "a number",
    };

    /// <summary>Takes JSON only, also where no type is given: a page of another site may send everything else to an open address of ours.</summary>
    /// <returns>Either the text or what is wrong with the request.</returns>
    public static async Task<(string Text, ProblemHttpResult? Problem)> ReadTextAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            return ("", Problems.NotJson(request.ContentType));
        }

        if (request.Headers.ContentEncoding.Count > 0)
        {
            return ("", Problems.Packed(request.Headers.ContentEncoding.ToString()));
        }

        try
        {
            using var reader = new StreamReader(request.Body, Encoding.UTF8);
            return (await reader.ReadToEndAsync(cancellationToken), null);
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return ("", Problems.TooLarge(MaxBytes));
        }
    }
}
