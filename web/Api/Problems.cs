using MaeLab.Hosting.Bus;
using MaeLab.Web.Access;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

/// <summary>Everything that can go wrong beside a wrong field, as problem+json (RFC 9457).</summary>
internal static class Problems
{
    public static ProblemHttpResult NotFound(string what, Guid id) => NotFound($"There is no {what} {id}.");

    public static ProblemHttpResult NoSuchCell(Guid experimentId, string cell) => NotFound($"Experiment {experimentId} has no cell '{cell}'; see cellIndex of its runs.");

    public static ProblemHttpResult NoSuchMessage(string id) => NotFound($"There is no failed message {id}; it may have been settled meanwhile.");

    public static ProblemHttpResult KeyInUse() => Problem(
        StatusCodes.Status422UnprocessableEntity, "The key belongs to another experiment.",
        "An experiment with another definition was submitted with this Idempotency-Key. Choose a new key for a new experiment.");

    public static ProblemHttpResult NameInUse(string name) => Problem(
        StatusCodes.Status409Conflict, "The name belongs to another view.", $"There is a view '{name}' already. Choose another name, or change that view.");

    public static ProblemHttpResult Conflict(string detail) => Problem(StatusCodes.Status409Conflict, "Not possible now.", detail);

    public static ProblemHttpResult TooLarge(int limit) => Problem(
        StatusCodes.Status413PayloadTooLarge, "The request is too large.", $"The body may have {limit:#,0} bytes at most.");

    public static ProblemHttpResult NotJson(string? contentType) => Problem(
        StatusCodes.Status415UnsupportedMediaType, "The body must be JSON.", $"Send it with 'Content-Type: application/json' (it came with {contentType ?? "none"}).");

    public static ProblemHttpResult Packed(string encoding) => Problem(
        StatusCodes.Status415UnsupportedMediaType, "The body must not be packed.", $"Send it without Content-Encoding (it came with {encoding}): nothing here is so long that it would have to be.");

    public static ProblemHttpResult TooManyRequests(int perMinute) => Problem(
        StatusCodes.Status429TooManyRequests, "Too many requests.", $"{perMinute:#,0} a minute are answered (setting Web:RequestsPerMinute); Retry-After says when to come back.");

    public static ProblemHttpResult BrokerAway() => Problem(
        StatusCodes.Status503ServiceUnavailable, "The message broker did not answer.",
        "It is not known whether the request was taken. Look whether anything changed before you repeat it.");

    public static ProblemHttpResult ReadOnly(string reason) => Problem(StatusCodes.Status403Forbidden, "Opened read-only.", reason);

    /// <summary>Gives answers that have no body yet one: no such route, wrong method, errors of ours. Never a stack trace: that is in the log.</summary>
    public static void UseProblems(this IApplicationBuilder api)
    {
        api.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => OfException(context.Features.Get<IExceptionHandlerFeature>()!.Error).ExecuteAsync(context),
        });
        api.UseStatusCodePages(page => OfStatus(page.HttpContext).ExecuteAsync(page.HttpContext));
    }

    private static ProblemHttpResult OfStatus(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => NotFound(
            $"There is nothing at {context.Request.Path}; ids are UUIDs, and /openapi/v1.json lists all addresses."),
        StatusCodes.Status401Unauthorized => Problem(
            StatusCodes.Status401Unauthorized, "Nobody is signed in.",
            "Send a token as 'Authorization: Bearer TOKEN'; the page /tokens makes them. One that was sent is unknown, expired or revoked."),
        StatusCodes.Status403Forbidden => Problem(
            StatusCodes.Status403Forbidden, "Not allowed.", "Your role, or the scope of your token, does not allow this; nor may a page of another site ask for it."),
        StatusCodes.Status405MethodNotAllowed => Problem(
            StatusCodes.Status405MethodNotAllowed, "Wrong method.", $"{context.Request.Path} does not answer to {context.Request.Method}."),
        StatusCodes.Status415UnsupportedMediaType => NotJson(context.Request.ContentType),
        var status => TypedResults.Problem(statusCode: status),
    };

    private static ProblemHttpResult OfException(Exception error) => error switch
    {
        NotAllowedException refused => Problem(StatusCodes.Status403Forbidden, "Not allowed.", refused.Message),
        BadHttpRequestException bad => Problem(bad.StatusCode, "The request is not valid.", bad.Message),
        _ when InfrastructureFailure.Is(error) => Problem(
            StatusCodes.Status503ServiceUnavailable, "The database did not answer.", "Nothing was changed. Try again in a moment."),
        _ => Problem(StatusCodes.Status500InternalServerError, "A mistake of ours.", "The log of web tells more; look for the trace id."),
    };

    private static ProblemHttpResult NotFound(string detail) => Problem(StatusCodes.Status404NotFound, "Not found.", detail);

    private static ProblemHttpResult Problem(int status, string title, string detail) =>
        TypedResults.Problem(statusCode: status, title: title, detail: detail);
}
