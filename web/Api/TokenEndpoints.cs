using System.Text.Json.Serialization;
using MaeLab.Domain;
using MaeLab.Domain.Accounts;
using MaeLab.Web.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

/// <summary>A token as its owner asks for it.</summary>
/// <param name="Name">What it is for; on one line, up to 100 characters.</param>
/// <param name="Scope">It may do what this role may, and never more than its owner; viewer where null.</param>
/// <param name="Days">It lives as long, 1 to 366 days; 30 where null.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewToken(string? Name = null, UserRole? Scope = null, int? Days = null)
{
    private const int UsualDays = 30;

    internal UserRole ScopeOrLeast => Scope ?? UserRole.Viewer;

    internal int DaysOrUsual => Days ?? UsualDays;

    internal IEnumerable<FieldError> Check() => TokenStore.Check(Name ?? "", DaysOrUsual);
}

/// <summary>The token opens nothing any more.</summary>
public sealed record RevokedToken(Guid Id);

/// <summary>Everybody's own tokens.</summary>
internal static class TokenEndpoints
{
    public static void MapTokens(this RouteGroupBuilder root)
    {
        // Whatever their role: a token never may more than its owner.
        var group = root.MapGroup("/tokens").WithTags("Tokens").RequireAuthorization();
        group.MapGet("/", ListAsync).WithName("ListTokens").WithSummary("Your own API tokens, newest first");
        group.MapPost("/", AddAsync).TakesBody<NewToken>().ProducesProblem(StatusCodes.Status403Forbidden)
            .WithName("AddToken").WithSummary("Make an API token").WithDescription("Told this once. Takes somebody who is signed in: a token makes no tokens (403).");
        group.MapDelete("/{id:guid}", RevokeAsync).ProducesProblem(StatusCodes.Status404NotFound).WithName("RevokeToken").WithSummary("Revoke one of your own API tokens");
    }

    private static async Task<Ok<ApiList<TokenSummary>>> ListAsync(TokenStore tokens, Actor actor, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ApiList<TokenSummary>(await tokens.ListAsync(actor, cancellationToken)));

    private static async Task<Results<Created<CreatedToken>, ValidationProblem, ProblemHttpResult>> AddAsync(
        HttpRequest request, TokenStore tokens, Actor actor, CancellationToken cancellationToken)
    {
        var (body, errors, problem) = await RequestBody.ReadAsync<NewToken>(request, token => token.Check(), cancellationToken);
        if (body is null)
        {
            return problem is null ? RequestErrors.ToProblem(errors) : problem;
        }

        var created = await tokens.CreateAsync(actor, body.Name!, body.ScopeOrLeast, body.DaysOrUsual, cancellationToken);
        return TypedResults.Created($"{ApiRegistration.Root}/tokens/{created.Id}", created);
    }

    private static async Task<Results<Ok<RevokedToken>, ProblemHttpResult>> RevokeAsync(Guid id, TokenStore tokens, Actor actor, CancellationToken cancellationToken) =>
        await tokens.RevokeAsync(actor, id, cancellationToken) ? TypedResults.Ok(new RevokedToken(id)) : Problems.NotFound("token", id);
}
