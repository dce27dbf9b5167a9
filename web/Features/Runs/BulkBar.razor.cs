using System.Globalization;
using MaeLab.Contracts.Commands;
using MaeLab.Web.Access;
using MaeLab.Web.Features.Annotations;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace MaeLab.Web.Features.Runs;

/// <summary>What can be done to the runs that are selected. Deleting can be undone for as long as the message stays, and through the API for days.</summary>
public sealed partial class BulkBar
{
    private const string BrokerAway = "The message broker did not answer. Try again in a moment.";

    private static readonly TimeSpan s_undo = TimeSpan.FromSeconds(15);

    private MudMessageBox? _question;
    private string _tag = "";
    private bool _busy;

    [Inject]
    public required CurrentActor Me { get; init; }

    [Inject]
    public required RunBulk Bulk { get; init; }

    [Inject]
    public required AnnotationStore Annotations { get; init; }

    [Inject]
    public required ISnackbar Messages { get; init; }

    /// <summary>How many match.</summary>
    [Parameter, EditorRequired]
    public int Runs { get; set; }

    [Parameter, EditorRequired]
    public required RunSelection Selection { get; set; }

    /// <summary>Tags to offer.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<string> Tags { get; set; }

    [Parameter]
    public EventCallback SelectAll { get; set; }

    /// <summary>Something was done, or is on its way.</summary>
    [Parameter]
    public EventCallback Done { get; set; }

    private bool IsTag => AnnotationRules.WrongWith(_tag.Trim()) is null;

    private static string Words(int runs) => $"{runs.ToString("#,0", CultureInfo.InvariantCulture)} {(runs == 1 ? "run" : "runs")}";

    private Task Clear()
    {
        Selection.Clear();
        return Done.InvokeAsync();
    }

    private async Task CancelAsync()
    {
        if (await _question!.ShowAsync() is true)
        {
            await ControlAsync(RunAction.Cancel);
        }
    }

    private Task ControlAsync(RunAction action) => BusyAsync(async ids =>
    {
        var outcome = await Bulk.ControlAsync(ids, action, await Me.GetAsync(), CancellationToken.None);
        var verb = EnumWord.Of(action);
        Messages.Add(
            outcome is { Complete: false } ? BrokerAway
            : outcome.Sent == 0 ? $"None of them can be asked to {verb}: their states do not allow it."
            : outcome.Sent == ids.Count ? $"Asked the scheduler to {verb} {Words(ids.Count)}."
            : $"Asked the scheduler to {verb} {outcome.Sent:#,0} of {Words(ids.Count)}; the states of the others do not allow it.",
            outcome is { Complete: false } ? Severity.Error : outcome.Sent == 0 ? Severity.Warning : Severity.Normal);
    });

    private Task TagAsync(bool add) => BusyAsync(async ids =>
    {
        var tag = _tag.Trim();
        var changed = await Annotations.ChangeRunsAsync(
            await Me.GetAsync(), ids, said => said with { Tags = add ? [.. said.Tags.Union([tag]).Take(AnnotationRules.MostTags)] : [.. said.Tags.Except([tag])] }, CancellationToken.None);
        Messages.Add(add ? $"{Words(changed)} tagged {tag}." : $"Tag {tag} removed from {Words(changed)}.", Severity.Normal);
        _tag = "";
    });

    private Task ArchiveAsync(bool archived) => BusyAsync(async ids =>
    {
        var changed = await Annotations.ChangeRunsAsync(await Me.GetAsync(), ids, said => said with { Archived = archived }, CancellationToken.None);
        Messages.Add(archived ? $"{Words(changed)} archived." : $"{Words(changed)} back from the archive.", Severity.Normal);
    });

    private Task DeleteAsync() => BusyAsync(async ids =>
    {
        if (await Bulk.CountOpenAsync(ids, CancellationToken.None) is > 0 and var open)
        {
            Messages.Add($"Nothing was deleted: {Words(open)} {(open == 1 ? "is" : "are")} not over. Cancel {(open == 1 ? "it" : "them")} first.", Severity.Warning);
        }
        else if (await Bulk.DeleteAsync(ids, await Me.GetAsync(), CancellationToken.None))
        {
            Selection.Clear();
            Messages.Add($"{Words(ids.Count)} deleted.", Severity.Normal, snackbar =>
            {
                (snackbar.Action, snackbar.VisibleStateDuration) = ("Undo", (int)s_undo.TotalMilliseconds);
                snackbar.OnClick = _ => RestoreAsync(ids);
            });
        }
        else
        {
            Messages.Add(BrokerAway, Severity.Error);
        }
    });

    private async Task RestoreAsync(IReadOnlyList<Guid> ids)
    {
        var sent = await Bulk.RestoreAsync(ids, await Me.GetAsync(), CancellationToken.None);
        Messages.Add(sent ? $"Asked the scheduler to restore {Words(ids.Count)}." : BrokerAway, sent ? Severity.Normal : Severity.Error);
    }

    private async Task BusyAsync(Func<IReadOnlyList<Guid>, Task> work)
    {
        _busy = true;
        try
        {
            await work(Selection.Ids);
            await Done.InvokeAsync();
        }
        finally
        {
            _busy = false;
        }
    }
}
