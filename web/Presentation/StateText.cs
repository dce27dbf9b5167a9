using MaeLab.Domain.Runs;
using MudBlazor;

namespace MaeLab.Web.Presentation;

/// <summary>Run states as words and shapes; the colours are in the style sheet, by the lower-case word.</summary>
public static class StateText
{
    public static string Word(RunState state) => state.ToString();

    public static string Icon(RunState state) => state switch
    {
        RunState.Queued => Icons.Material.Outlined.Schedule,
        RunState.Assigned => Icons.Material.Outlined.Outbound,
        RunState.Running => Icons.Material.Outlined.PlayCircle,
        RunState.Stopping => Icons.Material.Outlined.StopCircle,
        RunState.Paused => Icons.Material.Outlined.PauseCircle,
        RunState.Completed => Icons.Material.Outlined.CheckCircle,
        RunState.Failed => Icons.Material.Outlined.ErrorOutline,
        RunState.Cancelled => Icons.Material.Outlined.Cancel,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown run state."),
    };

    /// <summary>Class in the style sheet that sets <c>--state</c> to the state's colour.</summary>
    public static string CssClass(RunState state) => "state-" + Word(state).ToLowerInvariant();
}
