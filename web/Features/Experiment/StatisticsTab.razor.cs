using System.Globalization;
using MaeLab.Web.Browser;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Experiment;

/// <summary>Orders of the comparisons; their words are in the address.</summary>
public enum ComparisonOrder
{
    Experiment,

    /// <summary>The largest effect first, whichever its sign; cells without one last.</summary>
    Effect,
}

/// <summary>Every cell against the baseline, or another cell, paired by seed.</summary>
public sealed partial class StatisticsTab
{
    /// <summary>Nobody reads more on a page.</summary>
    private const int MaxRows = 200;

    private static readonly KeyValuePair<string, string>[] s_orders =
        [new(EnumWord.Of(ComparisonOrder.Experiment), "as in the experiment"), new(EnumWord.Of(ComparisonOrder.Effect), "largest effect first")];

    private ExperimentComparisons? _comparisons;
    private (ExperimentView? View, string? Against) _comparedFrom;

    /// <summary>Index of the cell to compare with; the baseline where it is left out.</summary>
    [SupplyParameterFromQuery(Name = "against")]
    public string? Against { get; set; }

    [SupplyParameterFromQuery(Name = "order")]
    public string? OrderWord { get; set; }

    private ComparisonOrder Order => EnumWord.Find<ComparisonOrder>(OrderWord ?? "") ?? default;

    private string? Baseline => View.Runs.FirstOrDefault(run => run.IsBaseline) is { } run ? Whole(run.CellIndex) : null;

    private IEnumerable<KeyValuePair<string, string>> Cells => _comparisons!.Rows.Select(row => row.Cell).Append(_comparisons.Reference)
        .OrderBy(cell => cell.Index).Select(cell => KeyValuePair.Create(Whole(cell.Index), cell.Words + (cell.IsBaseline ? " (baseline)" : "")));

    protected override void OnParametersSet()
    {
        if (_comparedFrom != (View, Against))
        {
            _comparedFrom = (View, Against);
            _comparisons = View.Results.Compare(int.TryParse(Against, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null);
        }
    }

    private IEnumerable<ComparisonRow> Sorted() => Order == ComparisonOrder.Effect
        ? _comparisons!.Rows.OrderByDescending(row => Math.Abs(row.Comparison.Effect ?? 0))
        : _comparisons!.Rows;

    private string ExportUrl(string format) => Urls.ComparisonExport(View.Experiment.Id, format, View.Query.Metric, View.Query.Value.Words(), Against);

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);
}
