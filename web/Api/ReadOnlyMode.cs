using MaeLab.Web.Access;

namespace MaeLab.Web.Api;

/// <summary>Where the <see cref="ChangeGate"/> is closed to everybody the API refuses what is no GET, before it looks at anything. (Pages leave out what would change something: see MayControl.)</summary>
internal sealed class ReadOnlyMode(ChangeGate gate) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        gate.Closed is not { } reason || HttpMethods.IsGet(context.HttpContext.Request.Method)
            ? await next(context)
            : Problems.ReadOnly(reason);
}
