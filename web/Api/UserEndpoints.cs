using System.Text.Json.Serialization;
using MaeLab.Domain;
using MaeLab.Domain.Accounts;
using MaeLab.Web.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Api;

/// <summary>A user as an administrator makes one.</summary>
/// <param name="Name">On one line, up to 200 characters; of nobody else, whatever its case.</param>
/// <param name="Password">12 characters or more.</param>
/// <param name="Role">Viewer where null.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewUser(string? Name = null, string? Password = null, UserRole? Role = null)
{
    internal IEnumerable<FieldError> Check()
    {
        if (!UserAccounts.IsName(Name?.Trim() ?? ""))
        {
            yield return new("name", UserAccounts.NameRule);
        }

        if ((Password ?? "").Length is < UserAccounts.ShortestPassword or > UserAccounts.LongestPassword)
        {
            yield return new("password", $"A password has {UserAccounts.ShortestPassword} to {UserAccounts.LongestPassword} characters.");
        }
    }
}

/// <param name="Role">Another role; the user is signed out everywhere.</param>
/// <param name="Disabled">True: signed out everywhere, and no token of theirs opens anything.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record UserChange(UserRole? Role = null, bool? Disabled = null)
{
    internal IEnumerable<FieldError> Check() => this is { Role: null, Disabled: null } ? [new("", "Say role, disabled or both.")] : [];
}

/// <summary>Users, where web has accounts.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this RouteGroupBuilder root)
    {
        var group = root.MapGroup("/users").WithTags("Users").RequireAuthorization(Policies.Admin);
        group.MapGet("/", ListAsync).WithName("ListUsers").WithSummary("Users, by name").WithDescription("Takes an administrator, as all requests about users do.");
        group.MapPost("/", AddAsync).TakesBody<NewUser>().ProducesProblem(StatusCodes.Status409Conflict)
            .WithName("AddUser").WithSummary("Make a user").WithDescription("409 where somebody has the name, or this MaeLab has no accounts.");
        group.MapPatch("/{id:guid}", ChangeAsync).TakesBody<UserChange>().ProducesProblem(StatusCodes.Status409Conflict)
            .WithName("ChangeUser").WithSummary("Give a user another role, disable or enable them").WithDescription("409 for oneself: nobody locks themselves out.");
    }

    private static async Task<Ok<ApiList<UserSummary>>> ListAsync(UserAccounts users, Actor actor, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ApiList<UserSummary>(await users.ListAsync(actor, cancellationToken)));

    private static async Task<Results<Created<UserSummary>, ValidationProblem, ProblemHttpResult>> AddAsync(
        HttpRequest request, UserAccounts users, IOptions<WebOptions> options, Actor actor, CancellationToken cancellationToken)
    {
        var (body, errors, problem) = await RequestBody.ReadAsync<NewUser>(request, user => user.Check(), cancellationToken);
        if (body is null)
        {
            return problem is null ? RequestErrors.ToProblem(errors) : problem;
        }

        if (options.Value.Access != AccessMode.Accounts)
        {
            return Problems.Conflict("This MaeLab has no accounts; the setting Web:Access=Accounts gives it users.");
        }

        var (id, problems) = await users.CreateAsync(actor, body.Name!, body.Password!, body.Role ?? UserRole.Viewer, cancellationToken);
        return id is { } created && await users.FindAsync(actor, created, cancellationToken) is { } user
            ? TypedResults.Created($"{ApiRegistration.Root}/users/{created}", user)
            : Problems.Conflict(string.Join(' ', problems));
    }

    private static async Task<Results<Ok<UserSummary>, ValidationProblem, ProblemHttpResult>> ChangeAsync(
        Guid id, HttpRequest request, UserAccounts users, Actor actor, CancellationToken cancellationToken)
    {
        if (await users.FindAsync(actor, id, cancellationToken) is not { } before)
        {
            return Problems.NotFound("user", id);
        }

        var (body, errors, problem) = await RequestBody.ReadAsync<UserChange>(request, change => change.Check(), cancellationToken);
        if (body is null)
        {
            return problem is null ? RequestErrors.ToProblem(errors) : problem;
        }

        var problems = body.Role is { } role && role != before.Role ? await users.SetRoleAsync(actor, id, role, cancellationToken) : [];
        if (problems.Count == 0 && body.Disabled is { } disabled && disabled != before.Disabled)
        {
            problems = await users.SetDisabledAsync(actor, id, disabled, cancellationToken);
        }

        return problems.Count > 0 ? Problems.Conflict(string.Join(' ', problems))
            : await users.FindAsync(actor, id, cancellationToken) is { } after ? TypedResults.Ok(after)
            : Problems.NotFound("user", id);
    }
}
