using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Experiment;

/// <summary>One tab of the page of an experiment: draws what the page has read, and keeps what it is asked for in the address.</summary>
public abstract class ViewTab : ComponentBase
{
    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Parameter, EditorRequired]
    public required ExperimentView View { get; set; }
}
