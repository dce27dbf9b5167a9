using MaeLab.Contracts.Commands;
using MaeLab.Domain.Accounts;
using MaeLab.Hosting.Bus;
using MassTransit;

namespace MaeLab.Web.Access;

/// <summary>The one way by which web sends commands: only of those who may, and none without a trace of who it was.</summary>
public sealed class CommandSender(IBus bus, ChangeGate gate, AuditLog audit, ILogger<CommandSender> logger)
{
    /// <returns>False when the broker did not take it; the audit log has it all the same, since it may have come through.</returns>
    /// <exception cref="NotAllowedException">They may not.</exception>
    public async Task<bool> SendAsync<T>(Actor actor, T command, CancellationToken cancellationToken)
        where T : class => await SendAllAsync(actor, [command], cancellationToken) == 1;

    /// <summary>In this order; they are checked and audited at once.</summary>
    /// <returns>How many the broker took: it ends with the first that it did not.</returns>
    /// <inheritdoc cref="SendAsync"/>
    public async Task<int> SendAllAsync<T>(Actor actor, IReadOnlyCollection<T> commands, CancellationToken cancellationToken)
        where T : class
    {
        await gate.PassAsync(actor, UserRole.Researcher, cancellationToken);
        await audit.WriteAsync(actor, commands.Select(command => (ActionOf(command), (string?)SubjectOf(command))), cancellationToken);
        var sent = 0;
        foreach (var command in commands)
        {
            if (!await bus.TryPublishAsync(command, logger, cancellationToken))
            {
                break;
            }

            sent++;
        }

        return sent;
    }

    private static string ActionOf(object command) => command is ControlRun control ? $"{control.Action}Run" : command.GetType().Name;

    private static string SubjectOf(object command) => command switch
    {
        SubmitExperiment submit => $"experiment {submit.ExperimentId}",
        ControlRun control => $"run {control.RunId}",
        ChangeExperiment change => $"experiment {change.ExperimentId}{(change.Priority is { } priority ? $", priority {priority}" : "")}{(change.Weight is { } weight ? FormattableString.Invariant($", weight {weight}") : "")}",
        PrioritizeRuns prioritize => $"priority {prioritize.Priority} of runs {AuditLog.Words(prioritize.RunIds)}",
        MoveRuns move => $"runs {AuditLog.Words(move.RunIds)} {(move.After is { } after ? $"behind {after}" : move.Before is { } before ? $"before {before}" : "to the front")}",
        DeleteRuns delete => $"runs {AuditLog.Words(delete.RunIds)}",
        RestoreRuns restore => $"runs {AuditLog.Words(restore.RunIds)}",
        QueueCell cell => $"experiment {cell.ExperimentId}, {string.Join(", ", cell.Levels.Select(level => $"{level.Key} {level.Value}"))}",
        RequestTheory theory => $"checkpoints {AuditLog.Words(theory.CheckpointIds)}",
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType(), "The audit log has no words for this command."),
    };
}
