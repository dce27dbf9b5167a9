using MaeLab.Hosting.Bus;
using MaeLab.Web.Access;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace MaeLab.Web.Features.Runners;

public sealed partial class FailedMessageList
{
    private FailedCommands _failed = FailedCommands.None;
    private bool _isAway;
    private bool _busy;

    [Inject]
    public required CurrentActor Me { get; init; }

    [Inject]
    public required FailedMessages Failed { get; init; }

    [Inject]
    public required FailedMessageControl Control { get; init; }

    [Inject]
    public required ISnackbar Messages { get; init; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Not while prerendering: the page must not wait for the broker.
        if (firstRender)
        {
            await RefreshAsync();
            StateHasChanged();
        }
    }

    private async Task RefreshAsync()
    {
        var answer = await Failed.ListAsync(CancellationToken.None);
        (_failed, _isAway) = (answer ?? _failed, answer is null);
    }

    private async Task SettleAsync(FailedMessage message, bool requeue)
    {
        _busy = true;
        try
        {
            var found = requeue
                ? await Control.RequeueAsync(await Me.GetAsync(), message.Id, CancellationToken.None)
                : await Control.DiscardAsync(await Me.GetAsync(), message.Id, CancellationToken.None);
            var (text, severity) = found switch
            {
                true => (requeue ? "It is tried again." : "It is gone.", Severity.Normal),
                false => ("It is not there any more.", Severity.Warning),
                null => ("The message broker did not answer. Try again in a moment.", Severity.Error),
            };
            Messages.Add(text, severity);
            await RefreshAsync();
        }
        finally
        {
            _busy = false;
        }
    }
}
