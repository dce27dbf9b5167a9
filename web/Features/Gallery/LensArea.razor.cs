using MaeLab.Web.Charts;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace MaeLab.Web.Features.Gallery;

/// <summary>Every <see cref="LensFrame"/> in it shows the same part of its picture. The browser moves it, and says so once it has come to rest.</summary>
public sealed partial class LensArea : IAsyncDisposable
{
    private ElementReference _element;
    private ChartHandle _handle = null!;
    private DotNetObjectReference<LensArea>? _self;
    private Lens _known;

    [Inject]
    public required IJSRuntime Js { get; init; }

    [Parameter, EditorRequired]
    public Lens Lens { get; set; }

    [Parameter]
    public EventCallback<Lens> LensChanged { get; set; }

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    [JSInvokable]
    public Task OnLens(double factor, double x, double y)
    {
        _known = new(factor, x, y);
        return InvokeAsync(() => LensChanged.InvokeAsync(_known));
    }

    public async ValueTask DisposeAsync()
    {
        await _handle.DisposeAsync();
        _self?.Dispose();
    }

    protected override void OnInitialized() => _handle = new(Js, "lens.js");

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_handle.IsBeingMade)
        {
            return;
        }

        if (!_handle.IsThere)
        {
            _known = Lens;
            _self ??= DotNetObjectReference.Create(this);
            await _handle.CreateAsync(_element, _self, Lens);
        }

        // An address that the browser's own lens is not the origin of: a link, or the way back. Rounded in it, hence by its words.
        if (_known.ToString() != Lens.ToString())
        {
            _known = Lens;
            await _handle.InvokeAsync("load", Lens);
        }
    }
}
