using MaeLab.Contracts.Commands;
using MaeLab.Domain;
using MaeLab.Domain.Ablations;
using MaeLab.Hosting.Telemetry;
using MaeLab.Storage;
using MaeLab.Web.Access;
using MaeLab.Web.Live;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.NewExperiment;

public enum SubmissionState
{
    /// <summary>Stored with all its runs.</summary>
    Accepted,

    /// <summary>Nothing was stored; see the errors.</summary>
    Rejected,

    /// <summary>Kept in the queue: the scheduler has not answered yet.</summary>
    Kept,

    /// <summary>Nothing was stored: an experiment with another definition was submitted with the same idempotency key.</summary>
    KeyInUse,

    /// <summary>The broker did not take it; submitting the same id again is harmless.</summary>
    NotSent,
}

/// <param name="RunIds">In the order of the plan; empty where it was rejected.</param>
public sealed record SubmissionResult(SubmissionState State, Guid ExperimentId, IReadOnlyList<Guid> RunIds, IReadOnlyList<FieldError> Errors);

/// <summary>
/// Hands an experiment to the scheduler and waits a moment for its answer. Web may not write the tables, so the whole
/// definition travels in the message.
/// </summary>
public sealed class ExperimentSubmission(
    CommandSender commands, IDbContextFactory<MaeLabDb> databases, ExperimentPlanner planner, SubmissionAnswers answers)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="experimentId">Chosen by the caller, so that a repeated click or request changes nothing.</param>
    /// <param name="definition">JSON in the shape of the API.</param>
    /// <param name="idempotencyKey">What an API client calls its request; a repeated one finds the experiment of the first.</param>
    public async Task<SubmissionResult> SubmitAsync(
        Guid experimentId, string definition, Actor actor, CancellationToken cancellationToken, string? idempotencyKey = null)
    {
        if (idempotencyKey is not null && await FindAsync(idempotencyKey, definition, cancellationToken) is { } known)
        {
            return known;
        }

        var plan = (await planner.ReadAsync(cancellationToken)).Check(definition);
        if (!plan.IsValid)
        {
            return new(SubmissionState.Rejected, experimentId, [], plan.Errors);
        }

        using var step = RunTrace.Start("submit experiment", experimentId);
        using var expectation = answers.Expect(experimentId);
        var command = new SubmitExperiment(experimentId, definition, actor.Name, idempotencyKey);
        if (!await commands.SendAsync(actor, command, cancellationToken))
        {
            return new(SubmissionState.NotSent, experimentId, [], []);
        }

        var answer = await expectation.WaitAsync(Patience, cancellationToken);
        if (answer is { Accepted: false })
        {
            return new(SubmissionState.Rejected, experimentId, [], answer.Errors);
        }

        // The same request may have come twice within a moment: then this is the experiment of the other one.
        var storedAs = answer?.StoredAs ?? experimentId;
        return new(
            answer is null ? SubmissionState.Kept : SubmissionState.Accepted,
            storedAs,
            [.. plan.Value.Runs.Select(run => run.IdIn(storedAs))],
            []);
    }

    private async Task<SubmissionResult?> FindAsync(string idempotencyKey, string definition, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stored = await db.Experiments.Where(experiment => experiment.IdempotencyKey == idempotencyKey)
            .Select(experiment => new { experiment.Id, experiment.Definition, experiment.RunCount }).SingleOrDefaultAsync(cancellationToken);
        return stored is null ? null
            : stored.Definition != definition ? new(SubmissionState.KeyInUse, stored.Id, [], [])
            : new(SubmissionState.Accepted, stored.Id, [.. Enumerable.Range(0, stored.RunCount).Select(index => RunIds.Create(stored.Id, index))], []);
    }
}
