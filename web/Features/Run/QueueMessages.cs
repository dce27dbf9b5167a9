using MaeLab.Contracts.Commands;
using MudBlazor;

namespace MaeLab.Web.Features.Run;

/// <summary>Says to a person what became of a wish.</summary>
internal static class QueueMessages
{
    /// <param name="what">To which the action is done, "run".</param>
    public static void Tell(this ISnackbar messages, ControlOutcome outcome, RunAction action, string what)
    {
        var verb = action.ToString().ToLowerInvariant();
        messages.Tell(outcome, $"Asked the scheduler to {verb} the {what}.", $"Its state has changed; it cannot {verb} any more.");
    }

    public static void Tell(this ISnackbar messages, ControlOutcome outcome, string sent, string notApplicable = "It does not wait any more.")
    {
        var (text, severity) = outcome switch
        {
            ControlOutcome.Sent => (sent, Severity.Normal),
            ControlOutcome.NoSuchRun => ("The run was deleted.", Severity.Warning),
            ControlOutcome.NotApplicable => (notApplicable, Severity.Warning),
            ControlOutcome.NotSent => ("The message broker did not answer. Try again in a moment.", Severity.Error),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome} of a change of the queue."),
        };
        messages.Add(text, severity);
    }
}
