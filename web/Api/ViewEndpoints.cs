using System.Text.Json.Serialization;
using MaeLab.Domain;
using MaeLab.Web.Access;
using MaeLab.Web.Features.Views;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

/// <summary>A view as a client writes it.</summary>
/// <param name="Name">Of one view only.</param>
/// <param name="Query">Of the address of the page of runs, without the question mark: <c>state=failed&amp;columns=state,loss</c>.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ViewChange(string? Name = null, string? Query = null)
{
    /// <param name="isNew">A new view needs both.</param>
    internal IEnumerable<FieldError> Check(bool isNew)
    {
        if (isNew ? Name is null || Query is null : this is { Name: null, Query: null })
        {
            yield return new("", isNew ? "Say name and query." : "Say name, query or both.");
        }

        foreach (var error in SavedViewStore.Check(Name, Query))
        {
            yield return error;
        }
    }
}

/// <summary>The view is there no more.</summary>
public sealed record DeletedView(Guid Id);

/// <summary>Saved views of the table of runs, shared by all.</summary>
internal static class ViewEndpoints
{
    public static void MapViews(this RouteGroupBuilder root)
    {
        var group = root.MapGroup("/views").WithTags("Views");
        group.MapGet("/", ListAsync).WithName("ListViews").WithSummary("Saved views of the table of runs, by name");
        group.MapPost("/", AddAsync).TakesBody<ViewChange>().ProducesProblem(StatusCodes.Status409Conflict)
            .WithName("AddView").WithSummary("Save a view").WithDescription("409 where another view has the name.");
        group.MapPatch("/{id:guid}", ChangeAsync).TakesBody<ViewChange>().ProducesProblem(StatusCodes.Status409Conflict)
            .WithName("ChangeView").WithSummary("Rename a view, or change what it shows").WithDescription("409 where another view has the name.");
        group.MapDelete("/{id:guid}", DeleteAsync).ProducesProblem(StatusCodes.Status404NotFound).WithName("DeleteView").WithSummary("Delete a view");
    }

    private static async Task<Ok<ApiList<SavedView>>> ListAsync(SavedViewStore views, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ApiList<SavedView>(await views.ListAsync(cancellationToken)));

    private static async Task<Results<Created<SavedView>, ValidationProblem, ProblemHttpResult>> AddAsync(
        HttpRequest request, SavedViewStore views, Actor actor, CancellationToken cancellationToken)
    {
        var (body, errors, problem) = await RequestBody.ReadAsync<ViewChange>(request, change => change.Check(isNew: true), cancellationToken);
        if (body is null)
        {
            return problem is null ? RequestErrors.ToProblem(errors) : problem;
        }

        return await views.AddAsync(actor, body.Name!, body.Query!, cancellationToken) is { } view
            ? TypedResults.Created($"{ApiRegistration.Root}/views/{view.Id}", view)
            : Problems.NameInUse(body.Name!);
    }

    private static async Task<Results<Ok<SavedView>, ValidationProblem, ProblemHttpResult>> ChangeAsync(
        Guid id, HttpRequest request, SavedViewStore views, Actor actor, CancellationToken cancellationToken)
    {
        if (await views.FindAsync(id, cancellationToken) is null)
        {
            return Problems.NotFound("view", id);
        }

        var (body, errors, problem) = await RequestBody.ReadAsync<ViewChange>(request, change => change.Check(isNew: false), cancellationToken);
        if (body is null)
        {
            return problem is null ? RequestErrors.ToProblem(errors) : problem;
        }

        return await views.ChangeAsync(actor, id, body.Name, body.Query, cancellationToken) && await views.FindAsync(id, cancellationToken) is { } view
            ? TypedResults.Ok(view)
            : Problems.NameInUse(body.Name ?? "");
    }

    private static async Task<Results<Ok<DeletedView>, ProblemHttpResult>> DeleteAsync(Guid id, SavedViewStore views, Actor actor, CancellationToken cancellationToken) =>
        await views.DeleteAsync(actor, id, cancellationToken) ? TypedResults.Ok(new DeletedView(id)) : Problems.NotFound("view", id);
}
