using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.RunDiff;

/// <summary>Recipes and results of two to eight runs side by side; which ones, the address says.</summary>
public sealed partial class RunDiffPage
{
    private RunDiff? _diff;
    private IReadOnlyList<Guid> _shown = [];

    [Inject]
    public required RunDiffReader Reader { get; init; }

    [SupplyParameterFromQuery(Name = "run")]
    public string[]? Runs { get; set; }

    /// <summary>Also fields in which the runs agree.</summary>
    [SupplyParameterFromQuery(Name = "all")]
    public bool All { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        List<Guid> ids = [.. (Runs ?? []).Select(text => Guid.TryParse(text, out var id) ? id : (Guid?)null).OfType<Guid>().Distinct().Take(RunDiffReader.Most)];
        if (_diff is null || !ids.SequenceEqual(_shown))
        {
            _shown = ids;
            await ShowAsync(() => ReadOnceAsync("diff", ReadAsync));
        }
    }

    private Task RefreshAsync() => ShowAsync(ReadAsync);

    private async Task ShowAsync(Func<Task<RunDiff>> read)
    {
        var asked = _shown;
        var diff = await read();
        // Else other runs were asked for meanwhile, and are there or on their way.
        if (ReferenceEquals(asked, _shown))
        {
            _diff = diff;
        }
    }

    private Task<RunDiff> ReadAsync() => Reader.ReadAsync(_shown, Left);
}
