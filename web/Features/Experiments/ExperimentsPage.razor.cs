using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Experiments;

public sealed partial class ExperimentsPage
{
    private const int PageSize = 20;

    private ExperimentCardList? _cards;
    private string? _shown;

    [Inject]
    public required ExperimentCards Cards { get; init; }

    /// <summary>Last experiment of the page before; none: the newest.</summary>
    [SupplyParameterFromQuery(Name = "before")]
    public string? Before { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (_cards is null || _shown != Before)
        {
            _shown = Before;
            await ShowAsync(() => ReadOnceAsync("experiments", ReadAsync));
        }
    }

    private Task RefreshAsync() => ShowAsync(ReadAsync);

    private async Task ShowAsync(Func<Task<ExperimentCardList>> read)
    {
        var asked = _shown;
        var cards = await read();
        // Else another page was asked for meanwhile, and is there or on its way.
        if (asked == _shown)
        {
            _cards = cards;
        }
    }

    private Task<ExperimentCardList> ReadAsync() =>
        Cards.ReadAsync(Guid.TryParse(Before, out var before) ? before : null, PageSize, Left);
}
