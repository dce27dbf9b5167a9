using MudBlazor;

namespace MaeLab.Web.Features.Run;

/// <summary>Says to a person what became of a change of the queue.</summary>
internal static class QueueMessages
{
    public static void Tell(this ISnackbar messages, ControlOutcome outcome, string sent)
    {
        var (text, severity) = outcome switch
        {
            ControlOutcome.Sent => (sent, Severity.Normal),
            ControlOutcome.NoSuchRun => ("The run was deleted.", Severity.Warning),
            ControlOutcome.NotApplicable => ("It does not wait any more.", Severity.Warning),
            ControlOutcome.NotSent => ("The message broker did not answer. Try again in a moment.", Severity.Error),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome} of a change of the queue."),
        };
        messages.Add(text, severity);
    }
}
