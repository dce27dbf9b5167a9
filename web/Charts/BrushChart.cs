using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace MaeLab.Web.Charts;

/// <summary>A chart on which stretches of its axes can be marked.</summary>
public abstract class BrushChart<TModel>(string module, string testId) : ModelChart<TModel>(module, testId)
{
    private DotNetObjectReference<BrushChart<TModel>>? _self;

    /// <summary>All that is marked on the axes of this chart.</summary>
    [Parameter]
    public EventCallback<IReadOnlyList<ChartRange>> Brushed { get; set; }

    private protected override object?[] Before => [_self ??= DotNetObjectReference.Create(this)];

    [JSInvokable]
    public Task OnBrush(ChartRange[] ranges) => InvokeAsync(() => Brushed.InvokeAsync(ranges));

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        _self?.Dispose();
    }
}
