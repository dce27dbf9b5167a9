using MaeLab.Web.Browser;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace MaeLab.Web.Layout;

public sealed partial class MainLayout
{
    private static readonly (string Href, string Label, string Icon)[] s_sections =
    [
        (Urls.Experiments, "Experiments", Icons.Material.Outlined.GridView),
        (Urls.Runs, "Runs", Icons.Material.Outlined.ShowChart),
        (Urls.Runners, "Runners", Icons.Material.Outlined.Memory),
        (Urls.Theory, "Theory", Icons.Material.Outlined.MenuBook),
    ];

    private ErrorBoundary? _errors;

    [Inject]
    public required NavigationManager Navigation { get; init; }

    private string CurrentSection => '/' + Navigation.ToBaseRelativePath(Navigation.Uri).Split('?', '#')[0] switch
    {
        "experiments/new" => Urls.NewExperiment[1..],
        var path when path.StartsWith("runs", StringComparison.Ordinal) => Urls.Runs[1..],
        var path when path.StartsWith("runners", StringComparison.Ordinal) => Urls.Runners[1..],
        "theory" => Urls.Theory[1..],
        var own and ("tokens" or "users" or "audit") => own,
        _ => Urls.Experiments[1..],
    };

    // A page that failed must not keep the next one from showing.
    protected override void OnParametersSet() => Recover();

    private void Recover() => _errors?.Recover();
}
