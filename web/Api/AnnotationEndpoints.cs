using MaeLab.Web.Access;
using MaeLab.Web.Features.Annotations;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

/// <summary>Tags, notes and what is archived: web's own, so the change is there with the answer.</summary>
internal static class AnnotationEndpoints
{
    public static void MapAnnotations(this RouteGroupBuilder root)
    {
        root.MapPatch("/runs/{id:guid}/annotation", ChangeRunAsync).WithTags("Runs").TakesBody<AnnotationChange>()
            .WithName("AnnotateRun").WithSummary("Tag, archive or describe a run").WithDescription("A run tells its tags, note and whether it is archived along with the rest.");
        root.MapGet("/experiments/{id:guid}/note", GetNoteAsync).WithTags("Experiments").ProducesProblem(StatusCodes.Status404NotFound)
            .WithName("GetExperimentNote").WithSummary("The note on an experiment, in Markdown");
        root.MapPut("/experiments/{id:guid}/note", ChangeNoteAsync).WithTags("Experiments").TakesBody<NoteChange>()
            .WithName("ChangeExperimentNote").WithSummary("Write the note on an experiment, in Markdown");
    }

    private static async Task<Results<Ok<Annotation>, ValidationProblem, ProblemHttpResult>> ChangeRunAsync(
        Guid id, HttpRequest request, RunReader runs, AnnotationStore annotations, Actor actor, CancellationToken cancellationToken)
    {
        if (!await runs.ExistsAsync(id, cancellationToken))
        {
            return Problems.NotFound("run", id);
        }

        var (change, errors, problem) = await RequestBody.ReadAsync<AnnotationChange>(request, body => body.Check(), cancellationToken);
        if (change is null)
        {
            return problem is null ? RequestErrors.ToProblem(errors) : problem;
        }

        await annotations.ChangeRunsAsync(actor, [id], change.Apply, cancellationToken);
        return TypedResults.Ok(await annotations.FindAsync(id, cancellationToken));
    }

    private static async Task<Results<Ok<NoteChange>, ProblemHttpResult>> GetNoteAsync(
        Guid id, ExperimentReader experiments, AnnotationStore annotations, CancellationToken cancellationToken) =>
        await experiments.ExistsAsync(id, cancellationToken)
            ? TypedResults.Ok(new NoteChange((await annotations.FindAsync(id, cancellationToken)).Note))
            : Problems.NotFound("experiment", id);

    private static async Task<Results<Ok<NoteChange>, ValidationProblem, ProblemHttpResult>> ChangeNoteAsync(
        Guid id, HttpRequest request, ExperimentReader experiments, AnnotationStore annotations, Actor actor, CancellationToken cancellationToken)
    {
        if (!await experiments.ExistsAsync(id, cancellationToken))
        {
            return Problems.NotFound("experiment", id);
        }

        var (change, errors, problem) = await RequestBody.ReadAsync<NoteChange>(request, body => body.Check(), cancellationToken);
        if (change is null)
        {
            return problem is null ? RequestErrors.ToProblem(errors) : problem;
        }

        await annotations.ChangeExperimentAsync(actor, id, new AnnotationChange(Note: change.Note).Apply, cancellationToken);
        return TypedResults.Ok(change);
    }
}
