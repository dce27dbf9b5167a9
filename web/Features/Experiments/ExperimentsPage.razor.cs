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
            _cards = await ReadOnceAsync("experiments", FetchAsync);
        }
    }

    private async Task ReadAsync() => _cards = await FetchAsync();

    private Task<ExperimentCardList> FetchAsync() =>
        Cards.ReadAsync(Guid.TryParse(Before, out var before) ? before : null, PageSize, Left);
}
