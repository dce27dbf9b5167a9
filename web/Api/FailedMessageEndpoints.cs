using MaeLab.Hosting.Bus;
using MaeLab.Web.Access;
using MaeLab.Web.Features.Runners;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

internal static class FailedMessageEndpoints
{
    public static void MapFailedMessages(this RouteGroupBuilder root)
    {
        var group = root.MapGroup("/failed-messages").WithTags("Messages");
        group.MapGet("/", ListAsync).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("ListFailedMessages").WithSummary("Commands that could not be carried out, oldest first")
            .WithDescription($"Of those that failed, and of those that no consumer knows, {FailedMessages.MostShown} at most; the rest shows once some are settled.");
        group.MapPost("/{message}/requeue", RequeueAsync).RequireAuthorization(Policies.Admin).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("RequeueFailedMessage").WithSummary("Have a command tried again");
        group.MapPost("/{message}/discard", DiscardAsync).RequireAuthorization(Policies.Admin).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("DiscardFailedMessage").WithSummary("Give a command up for good");
    }

    private static async Task<Results<Ok<ApiList<FailedMessage>>, ProblemHttpResult>> ListAsync(FailedMessages messages, CancellationToken cancellationToken) =>
        await messages.ListAsync(cancellationToken) is { } all ? TypedResults.Ok(new ApiList<FailedMessage>(all.Shown)) : Problems.BrokerAway();

    private static async Task<Results<Ok<SettledMessage>, ProblemHttpResult>> RequeueAsync(string message, FailedMessageControl messages, Actor actor, CancellationToken cancellationToken) =>
        ToAnswer(message, await messages.RequeueAsync(actor, message, cancellationToken));

    private static async Task<Results<Ok<SettledMessage>, ProblemHttpResult>> DiscardAsync(string message, FailedMessageControl messages, Actor actor, CancellationToken cancellationToken) =>
        ToAnswer(message, await messages.DiscardAsync(actor, message, cancellationToken));

    private static Results<Ok<SettledMessage>, ProblemHttpResult> ToAnswer(string id, bool? found) => found switch
    {
        true => TypedResults.Ok(new SettledMessage(id)),
        false => Problems.NoSuchMessage(id),
        null => Problems.BrokerAway(),
    };
}

/// <summary>The message is in the error queue no more.</summary>
public sealed record SettledMessage(string Id);
