namespace MaeLab.Web.Api;

/// <summary>PostgreSQL keeps no text with a NUL in it, and asked for one it fails: no address with one in its query gets through, of the API or of a page.</summary>
internal static class NulGate
{
    public static void UseNulGate(this WebApplication app) => app.Use(async (context, next) =>
    {
        var errors = new RequestErrors();
        foreach (var (name, _) in context.Request.Query.Where(parameter => parameter.Key.Contains('\0') || parameter.Value.Any(text => text?.Contains('\0') == true)))
        {
            errors.Add(name, "holds the character U+0000, which no text here has.");
        }

        if (!errors.Any)
        {
            await next(context);
        }
        else if (context.Request.Path.StartsWithSegments(ApiRegistration.Root))
        {
            await errors.ToProblem().ExecuteAsync(context);
        }
        else
        {
            // Without a body the page for what is not there answers.
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    });
}
