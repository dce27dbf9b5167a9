using MaeLab.Contracts.Commands;
using MaeLab.Domain;
using MaeLab.Hosting.Bus;
using MaeLab.Web.Live;
using MassTransit;

namespace MaeLab.Web.Features.NewExperiment;

public enum SubmissionState
{
    /// <summary>Stored with all its runs.</summary>
    Accepted,

    /// <summary>Nothing was stored; see the errors.</summary>
    Rejected,

    /// <summary>Kept in the queue: the scheduler has not answered yet.</summary>
    Kept,

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
    IBus bus, ExperimentPlanner planner, SubmissionAnswers answers, TimeProvider time, ILogger<ExperimentSubmission> logger)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="experimentId">Chosen by the caller, so that a repeated click or request changes nothing.</param>
    /// <param name="definition">JSON in the shape of the API.</param>
    public async Task<SubmissionResult> SubmitAsync(
        Guid experimentId, string definition, string submittedBy, CancellationToken cancellationToken)
    {
        var plan = (await planner.ReadAsync(cancellationToken)).Check(definition);
        if (!plan.IsValid)
        {
            return new(SubmissionState.Rejected, experimentId, [], plan.Errors);
        }

        using var expectation = answers.Expect(experimentId);
        var command = new SubmitExperiment(experimentId, definition, submittedBy, time.GetUtcNow());
        if (!await bus.TryPublishAsync(command, logger, cancellationToken))
        {
            return new(SubmissionState.NotSent, experimentId, [], []);
        }

        var answer = await expectation.WaitAsync(Patience, cancellationToken);
        if (answer is { Accepted: false })
        {
            return new(SubmissionState.Rejected, experimentId, [], answer.Errors);
        }

        return new(
            answer is null ? SubmissionState.Kept : SubmissionState.Accepted,
            experimentId,
            [.. plan.Value.Runs.Select(run => run.IdIn(experimentId))],
            []);
    }
}
