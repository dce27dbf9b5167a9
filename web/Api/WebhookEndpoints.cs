using System.Text.Json.Serialization;
using MaeLab.Domain;
using MaeLab.Domain.Webhooks;
using MaeLab.Web.Access;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

/// <summary>A webhook as a client registers it.</summary>
/// <param name="Url">http or https.</param>
/// <param name="Secret">Key of the signature, 16 to 200 characters; a random one where null.</param>
/// <param name="Experiment">Id of the experiment whose runs it is told of; all where null.</param>
/// <param name="Events">Of completed, failed and cancelled; all where null.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewWebhook(string? Url = null, string? Secret = null, Guid? Experiment = null, IReadOnlyList<string>? Events = null)
{
    internal IEnumerable<FieldError> Check() => WebhookRules.Check(Url ?? "", Secret, Events);
}

/// <param name="Enabled">True also lets one that gave up try again.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record WebhookSwitch(bool? Enabled = null)
{
    internal IEnumerable<FieldError> Check() => Enabled is null ? [new("enabled", "Say true or false.")] : [];
}

/// <param name="Secret">Told this once.</param>
public sealed record AddedWebhook(Guid Id, string Secret);

/// <summary>The webhook is there no more.</summary>
public sealed record DeletedWebhook(Guid Id);

/// <summary>Addresses that are told when runs end.</summary>
internal static class WebhookEndpoints
{
    public static void MapWebhooks(this RouteGroupBuilder root)
    {
        var group = root.MapGroup("/webhooks").WithTags("Webhooks").RequireAuthorization(Policies.Admin);
        group.MapGet("/", ListAsync).WithName("ListWebhooks").WithSummary("Registered webhooks, oldest first");
        group.MapPost("/", AddAsync).TakesBody<NewWebhook>().WithName("AddWebhook").WithSummary("Have an address told when runs end")
            .WithDescription(
                "A POST with JSON, X-MaeLab-Event, X-MaeLab-Delivery, X-MaeLab-Timestamp and X-MaeLab-Signature: sha256= and the hexadecimal HMAC-SHA256, by the secret, "
                + "of timestamp, a dot and the body. Tried again after growing pauses until the answer is 2xx; a delivery may come twice and then has the same id.");
        group.MapPatch("/{id:guid}", SwitchAsync).TakesBody<WebhookSwitch>().WithName("SwitchWebhook").WithSummary("Switch a webhook on or off");
        group.MapDelete("/{id:guid}", DeleteAsync).ProducesProblem(StatusCodes.Status404NotFound).WithName("DeleteWebhook").WithSummary("Delete a webhook");
        group.MapGet("/{id:guid}/deliveries", DeliveriesAsync).ProducesProblem(StatusCodes.Status404NotFound)
            .WithName("ListWebhookDeliveries").WithSummary("What a webhook was told lately, newest first, and what went wrong");
    }

    private static async Task<Ok<ApiList<Webhook>>> ListAsync(WebhookStore webhooks, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ApiList<Webhook>(await webhooks.ListAsync(cancellationToken)));

    private static async Task<Results<Created<AddedWebhook>, ValidationProblem, ProblemHttpResult>> AddAsync(
        HttpRequest request, WebhookStore webhooks, ExperimentReader experiments, Actor actor, CancellationToken cancellationToken)
    {
        var (body, errors, problem) = await RequestBody.ReadAsync<NewWebhook>(request, hook => hook.Check(), cancellationToken);
        if (body is null)
        {
            return problem is null ? RequestErrors.ToProblem(errors) : problem;
        }

        if (body.Experiment is { } experiment && !await experiments.ExistsAsync(experiment, cancellationToken))
        {
            return RequestErrors.ToProblem([new("experiment", $"There is no experiment {experiment}.")]);
        }

        var (id, secret) = await webhooks.AddAsync(actor, body.Url!, body.Secret, body.Experiment, body.Events, cancellationToken);
        return TypedResults.Created($"{ApiRegistration.Root}/webhooks/{id}", new AddedWebhook(id, secret));
    }

    private static async Task<Results<Ok<Webhook>, ValidationProblem, ProblemHttpResult>> SwitchAsync(
        Guid id, HttpRequest request, WebhookStore webhooks, Actor actor, CancellationToken cancellationToken)
    {
        if (await webhooks.FindAsync(id, cancellationToken) is null)
        {
            return Problems.NotFound("webhook", id);
        }

        var (body, errors, problem) = await RequestBody.ReadAsync<WebhookSwitch>(request, change => change.Check(), cancellationToken);
        return body is null ? (problem is null ? RequestErrors.ToProblem(errors) : problem)
            : await webhooks.SwitchAsync(actor, id, body.Enabled!.Value, cancellationToken) && await webhooks.FindAsync(id, cancellationToken) is { } hook ? TypedResults.Ok(hook)
            : Problems.NotFound("webhook", id);
    }

    private static async Task<Results<Ok<DeletedWebhook>, ProblemHttpResult>> DeleteAsync(Guid id, WebhookStore webhooks, Actor actor, CancellationToken cancellationToken) =>
        await webhooks.DeleteAsync(actor, id, cancellationToken) ? TypedResults.Ok(new DeletedWebhook(id)) : Problems.NotFound("webhook", id);

    private static async Task<Results<Ok<ApiList<WebhookDelivery>>, ProblemHttpResult>> DeliveriesAsync(Guid id, WebhookStore webhooks, CancellationToken cancellationToken) =>
        await webhooks.FindAsync(id, cancellationToken) is null ? Problems.NotFound("webhook", id)
            : TypedResults.Ok(new ApiList<WebhookDelivery>(await webhooks.DeliveriesAsync(id, cancellationToken)));
}
