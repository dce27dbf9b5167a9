using MaeLab.Web.Access;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace MaeLab.Web.Features.Views;

/// <summary>The saved views: to go to, to save what is shown as one, to rename and to delete.</summary>
public sealed partial class ViewsMenu
{
    private IReadOnlyList<SavedView> _views = [];
    private string _name = "";
    private string? _problem;
    private Guid? _renamed;

    [Inject]
    public required CurrentActor Me { get; init; }

    [Inject]
    public required SavedViewStore Store { get; init; }

    [Inject]
    public required ISnackbar Messages { get; init; }

    /// <summary>Of the address of what is shown.</summary>
    [Parameter, EditorRequired]
    public required string Query { get; set; }

    protected override Task OnInitializedAsync() => ReadAsync();

    private async Task ReadAsync() => _views = await Store.ListAsync(CancellationToken.None);

    private async Task SaveAsync()
    {
        var name = _name.Trim();
        _problem = SavedViewStore.Check(name, Query).FirstOrDefault()?.Message
            ?? (await Store.AddAsync(await Me.GetAsync(), name, Query, CancellationToken.None) is null ? $"There is a view “{name}” already. Choose another name." : null);
        if (_problem is null)
        {
            _name = "";
        }

        await ReadAsync();
    }

    private async Task RenameAsync(SavedView view, string? text)
    {
        var name = text?.Trim() ?? "";
        _problem = SavedViewStore.Check(name, null).FirstOrDefault()?.Message
            ?? (await Store.ChangeAsync(await Me.GetAsync(), view.Id, name, null, CancellationToken.None) ? null : $"There is a view “{name}” already, or this one was deleted.");
        _renamed = null;
        await ReadAsync();
    }

    private async Task DeleteAsync(SavedView view)
    {
        await Store.DeleteAsync(await Me.GetAsync(), view.Id, CancellationToken.None);
        await ReadAsync();
        Messages.Add($"View “{view.Name}” deleted.", Severity.Normal, snackbar =>
        {
            snackbar.Action = "Undo";
            snackbar.OnClick = _ => InvokeAsync(async () =>
            {
                await Store.AddAsync(await Me.GetAsync(), view.Name, view.Query, CancellationToken.None);
                await ReadAsync();
                StateHasChanged();
            });
        });
    }
}
