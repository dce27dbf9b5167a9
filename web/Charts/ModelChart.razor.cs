using System.Text.Json;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Charts;

/// <summary>A chart of something small enough to be sent whole when it changes.</summary>
public abstract partial class ModelChart<TModel>(string module, string testId) : ChartComponent(module)
{
    private string? _sent;

    [Parameter, EditorRequired]
    public required TModel Model { get; set; }

    /// <summary>What <c>create</c> is given before the model.</summary>
    private protected virtual object?[] Before => [];

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Chart.IsBeingMade)
        {
            return;
        }

        if (!Chart.IsThere)
        {
            _sent = JsonSerializer.Serialize(Model);
            await Chart.CreateAsync(Element, [.. Before, Model]);
        }

        // Every refresh makes a new model, but seldom another one; and this one may have come while the chart was made.
        var json = JsonSerializer.Serialize(Model);
        if (_sent != json)
        {
            _sent = json;
            await Chart.InvokeAsync("load", Model);
        }
    }
}
