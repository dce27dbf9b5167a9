using MaeLab.Domain.Runs;
using MaeLab.Web.Access;
using MaeLab.Web.Browser;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.Run;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace MaeLab.Web.Features.Theory;

/// <summary>The jobs of an experiment in sum.</summary>
public sealed partial class TheoryJobs
{
    private const int MostFailed = 5;

    private IReadOnlyList<FinalCheckpoint>? _checkpoints;
    private Guid _shown;
    private bool _busy;

    [Inject]
    public required CurrentActor Me { get; init; }

    [Inject]
    public required TheoryJobReader Reader { get; init; }

    [Inject]
    public required TheoryControl Control { get; init; }

    [Inject]
    public required PrerenderHandover Handover { get; init; }

    [Inject]
    public required ISnackbar Messages { get; init; }

    [Parameter, EditorRequired]
    public required ExperimentSummary Experiment { get; set; }

    private List<FinalCheckpoint> Asked => [.. (_checkpoints ?? []).Where(checkpoint => checkpoint.Job is not null)];

    private List<FinalCheckpoint> Failed => [.. Asked.Where(checkpoint => checkpoint.Job!.State == RunState.Failed)];

    /// <summary>What the button asks for.</summary>
    private List<FinalCheckpoint> Missing => [.. (_checkpoints ?? []).Where(checkpoint => checkpoint.Job is null or { IsGivenUp: true })];

    private int Examined => Asked.Count(checkpoint => checkpoint.Job!.State == RunState.Completed);

    private string ButtonText => (Missing.Count, _checkpoints?.Count) switch
    {
        (0, > 0) => "All asked for",
        (var missing, var all) when missing < all => $"Run all theory probes on the {(missing == 1 ? "one" : missing)} left",
        _ => "Run all theory probes",
    };

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Experiment.Id)
        {
            _shown = Experiment.Id;
            _checkpoints = await Handover.ReadOnceAsync(RendererInfo, "theory jobs", () => Reader.OfExperimentAsync(Experiment.Id, CancellationToken.None));
        }
    }

    private async Task ReadAsync() => _checkpoints = await Reader.OfExperimentAsync(Experiment.Id, CancellationToken.None);

    private async Task ExamineAsync()
    {
        _busy = true;
        var missing = Missing;
        var sent = await Control.ExamineAsync([.. missing.Select(checkpoint => checkpoint.Id)], await Me.GetAsync(), CancellationToken.None);
        Messages.Tell(
            sent ? ControlOutcome.Sent : ControlOutcome.NotSent,
            $"Asked the scheduler to run all theory probes on {missing.Count} {(missing.Count == 1 ? "checkpoint" : "checkpoints")}.");
        await ReadAsync();
        _busy = false;
    }
}
