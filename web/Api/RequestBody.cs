using System.Text;
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

    /// <summary>Takes JSON only, also where no type is given: a page of another site may send everything else to an open address of ours.</summary>
    /// <returns>Either the text or what is wrong with the request.</returns>
    public static async Task<(string Text, ProblemHttpResult? Problem)> ReadTextAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            return ("", Problems.NotJson(request.ContentType));
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
