using MaeLab.Contracts.Commands;
using MassTransit;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Api;

/// <summary>
/// Keeps everything as it is where <see cref="WebOptions.ReadOnly"/> is set: the API refuses what is no GET, and no command leaves. (Pages
/// leave out what would change something, see MayControl.)
/// </summary>
internal sealed class ReadOnlyMode(IOptions<WebOptions> options) : IEndpointFilter, IPublishObserver
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        options.Value.ReadOnly is not { } opened || HttpMethods.IsGet(context.HttpContext.Request.Method)
            ? await next(context)
            : Problems.ReadOnly(opened);

    public Task PrePublish<T>(PublishContext<T> context)
        where T : class =>
        options.Value.ReadOnly is { } opened && typeof(T).Namespace == typeof(SubmitExperiment).Namespace
            ? throw new InvalidOperationException($"'{opened}' was opened read-only: no {typeof(T).Name} is sent.")
            : Task.CompletedTask;

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;
}
