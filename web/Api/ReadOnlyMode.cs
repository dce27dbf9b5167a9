using Microsoft.Extensions.Options;

namespace MaeLab.Web.Api;

/// <summary>Where <see cref="WebOptions.ReadOnly"/> is set the API refuses what is no GET. (No command leaves then: see ChangeGate. Pages leave out what would change something: see MayControl.)</summary>
internal sealed class ReadOnlyMode(IOptions<WebOptions> options) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        options.Value.ReadOnly is not { } opened || HttpMethods.IsGet(context.HttpContext.Request.Method)
            ? await next(context)
            : Problems.ReadOnly(opened);
}
