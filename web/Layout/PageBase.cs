using MaeLab.Web.Browser;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Layout;

/// <summary>What all pages do alike: read once although rendered twice, and stop reading when the person has left.</summary>
public abstract class PageBase : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _left = new();

    // Taken once: a disposed source gives none any more, and a page may ask after it was left.
    protected PageBase() => Left = _left.Token;

    [Inject]
    public required PrerenderHandover Handover { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Left { get; }

    /// <inheritdoc cref="PrerenderHandover.ReadOnceAsync"/>
    protected Task<T> ReadOnceAsync<T>(string name, Func<Task<T>> read) => Handover.ReadOnceAsync(RendererInfo, name, read);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_left.IsCancellationRequested)
        {
            _left.Cancel();
            _left.Dispose();
        }
    }
}
